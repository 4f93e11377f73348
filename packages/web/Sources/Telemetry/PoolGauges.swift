// The gauges that nobody keeps up to date: read when Prometheus asks.

import Metrics
public import Postgres

extension MetricsRegistry {
  /// `postgres_pool_connections{role,state}`, with the limit as a state beside those it bounds.
  public func set(pools: [PoolRole: PoolStatus]) {
    for (role, status) in pools {
      let connections = [
        ("open", status.open), ("idle", status.idle), ("waiting", status.waiting), ("limit", status.limit),
      ]
      for (state, count) in connections {
        Meter(
          label: "postgres_pool_connections", dimensions: [("role", role.rawValue), ("state", state)], factory: self
        ).set(count)
      }
    }
  }

  /// `ops_live_streams`: how many pages keep themselves fresh.
  public func set(liveStreams count: Int) {
    Meter(label: "ops_live_streams", factory: self).set(count)
  }

  /// `ops_open_accesses`: how many staff are inside a client's house.
  public func set(openAccesses count: Int) {
    Meter(label: "ops_open_accesses", factory: self).set(count)
  }
}
