// Which column becomes which field, so that the whole is most likely and no field is given twice [Kuhn 1955].

/// Gives each column at most one field.
enum Assignment {
  /// The fields of the columns, best for all together.
  /// - Parameters:
  ///   - scores: a column's probabilities by field.
  ///   - capacity: how many columns may become a field.
  ///   - none: the probability below which a column rather stays without a field.
  static func best(_ scores: [[Double]], capacity: [Int], none: Double) -> [Int?] {
    var chosen: [Int?] = Array(repeating: nil, count: scores.count)
    // A field less likely than `none` never gains anything, so that few columns compete.
    let wanted = scores.map { row in row.indices.filter { row[$0] >= none } }
    for group in groups(wanted, fields: capacity.count) {
      let fields = Array(Set(group.flatMap { wanted[$0] })).sorted()
      let seats = fields.flatMap { field in Array(repeating: field, count: min(capacity[field], group.count)) }
      let costs = group.map { column in
        seats.map { seat in scores[column][seat] >= none ? -Logarithm.of(scores[column][seat]) : 1e6 }
          + Array(repeating: -Logarithm.of(none), count: group.count)
      }
      for (place, seat) in hungarian(costs).enumerated() where seat < seats.count {
        chosen[group[place]] = seats[seat]
      }
    }
    return chosen
  }

  /// Columns that compete for a field, directly or through others.
  private static func groups(_ wanted: [[Int]], fields: Int) -> [[Int]] {
    var parent = Array(0..<(wanted.count + fields))
    func root(_ node: Int) -> Int {
      var node = node
      while parent[node] != node { node = parent[node] }
      return node
    }
    for (column, list) in wanted.enumerated() {
      for field in list { parent[root(wanted.count + field)] = root(column) }
    }
    var groups: [Int: [Int]] = [:]
    for column in wanted.indices where !wanted[column].isEmpty { groups[root(column), default: []].append(column) }
    return groups.values.sorted { $0[0] < $1[0] }
  }

  /// The seat of each row with the least total cost. There are at least as many seats as rows.
  static func hungarian(_ costs: [[Double]]) -> [Int] {
    let rows = costs.count
    let seats = costs.first?.count ?? 0
    var rowGain = [Double](repeating: 0, count: rows + 1)
    var seatGain = [Double](repeating: 0, count: seats + 1)
    var owner = [Int](repeating: 0, count: seats + 1)
    var way = [Int](repeating: 0, count: seats + 1)
    for row in stride(from: 1, through: rows, by: 1) {
      owner[0] = row
      var seat = 0
      var least = [Double](repeating: .infinity, count: seats + 1)
      var isUsed = [Bool](repeating: false, count: seats + 1)
      repeat {
        isUsed[seat] = true
        let current = owner[seat]
        var delta = Double.infinity
        var next = 0
        for other in stride(from: 1, through: seats, by: 1) where !isUsed[other] {
          let cost = costs[current - 1][other - 1] - rowGain[current] - seatGain[other]
          if cost < least[other] {
            least[other] = cost
            way[other] = seat
          }
          if least[other] < delta {
            delta = least[other]
            next = other
          }
        }
        for other in 0...seats {
          if isUsed[other] {
            rowGain[owner[other]] += delta
            seatGain[other] -= delta
          } else {
            least[other] -= delta
          }
        }
        seat = next
      } while owner[seat] != 0
      repeat {
        owner[seat] = owner[way[seat]]
        seat = way[seat]
      } while seat != 0
    }
    var chosen = [Int](repeating: 0, count: rows)
    for seat in stride(from: 1, through: seats, by: 1) where owner[seat] > 0 { chosen[owner[seat] - 1] = seat - 1 }
    return chosen
  }
}
