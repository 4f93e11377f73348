// A form that meets an expired sign-in is not lost: it is sealed and kept for the person who sent it, who finds it
// after signing in again, and sends it or lets it go.

public import Access
import Crypto
public import EthicoTypes
import FoundationEssentials
import Hummingbird
public import Markup

/// What a kept form holds.
public struct HeldContent: Sendable, Hashable, Codable {
  /// The name of the route it was sent to.
  public let route: String
  /// The address it was sent to.
  public let address: String
  /// Its idempotency key, so that sending it twice still does it once.
  public let key: String?
  /// In the order sent, without those that every form has: `_csrf`, `_key` and `_held`.
  public let fields: [Field]
  /// What the file was called that came with it and was not kept; `nil` where none came.
  public let file: String?

  /// One field of the form, as it was sent.
  public struct Field: Sendable, Hashable, Codable {
    /// As the form calls it; several fields may share one.
    public let name: String
    /// Untrimmed, so that what is sent again is what was sent.
    public let value: String
  }

  /// Where it was to go.
  public var path: Path? { Path(local: address) }
}

/// Seals what is kept: AES-256-GCM with a key of its own, bound to the form's id and to the person.
struct HeldSeal {
  private let key: SymmetricKey

  init(sessionKey: [UInt8]) {
    key = HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: sessionKey), info: Data("ethico held form".utf8), outputByteCount: 32)
  }

  func seal(_ content: HeldContent, _ id: ID<HeldForm>, of staff: ID<Staff>) throws -> [UInt8] {
    let text = try JSONEncoder().encode(content)
    let box = try AES.GCM.seal(text, using: key, authenticating: Self.binding(id, staff))
    // Nonce, text and tag: there are no other sizes of nonce here, so the parts are never missing.
    return Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
  }

  /// The content; `nil` for what this key did not seal for that person.
  func open(_ form: HeldForm, of staff: ID<Staff>) -> HeldContent? {
    guard let box = try? AES.GCM.SealedBox(combined: form.sealed),
      let text = try? AES.GCM.open(box, using: key, authenticating: Self.binding(form.id, staff))
    else { return nil }
    return try? JSONDecoder().decode(HeldContent.self, from: text)
  }

  private static func binding(_ id: ID<HeldForm>, _ staff: ID<Staff>) -> Data {
    Data("\(id) \(staff)".utf8)
  }
}

extension Console {
  /// Keeps the form of a request whose sign-in has expired, if it is one of our own pages' and not too large.
  /// - Parameter file: what the file behind its fields is called, which is not kept.
  /// - Returns: where the form waits.
  func keep(_ arrival: Arrival, without file: String?, of signedIn: SignedIn) async throws -> Path? {
    let isWorthIt = arrival.request.method == .post && !arrival.facts.route.hasPrefix("auth.")
    let fieldBytes = arrival.form.byteCount - arrival.form.files.reduce(0) { $0 + $1.bytes.count }
    guard isWorthIt, arrival.isOwnForm(of: signedIn), fieldBytes <= HeldForm.bytesLimit else { return nil }
    let id: ID<HeldForm> = ledger.ids.next(at: ledger.timepiece.now())
    let content = HeldContent(
      route: arrival.facts.route, address: arrival.request.uri.description, key: arrival.form.key,
      fields: arrival.form.fields.pairs.map { HeldContent.Field(name: $0.name, value: $0.value) },
      file: file ?? arrival.form.files.first?.name)
    let sealed = try HeldSeal(sessionKey: settings.sessionKey).seal(content, id, of: signedIn.staff.id)
    guard sealed.count <= HeldForm.sealedLimit else { return nil }
    try await ledger.keep(sealed, as: id, of: signedIn.staff.id)
    return Path("/held").appending(id)
  }

  /// What has been sent waits no longer.
  func drop(heldBy arrival: Arrival, of signedIn: SignedIn?) async throws {
    guard let held = arrival.form.held, let signedIn else { return }
    try await ledger.dropHeldForm(held, of: signedIn.staff.id)
  }

  /// What a kept form holds; `nil` where it cannot be read any more.
  public func content(of form: HeldForm, for staff: ID<Staff>) -> HeldContent? {
    HeldSeal(sessionKey: settings.sessionKey).open(form, of: staff)
  }
}
