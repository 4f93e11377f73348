// The keys that an identity provider signs with [RFC 7517].

import FoundationEssentials
import JWTKit

/// The ways to sign that are accepted: each with a public key. `none` and HMAC are no names here, so no token can ask
/// for them.
enum SigningAlgorithm: String, Sendable {
  case rs256 = "RS256"
  case es256 = "ES256"
  case eddsa = "EdDSA"
}

/// The public keys of a provider. Keys of other kinds than ours are passed over.
struct ProviderKeys: Sendable {
  private let keys: [PublishedKey]

  private static let countLimit = 100

  init(_ body: [UInt8]) throws(OIDCFailure) {
    do {
      keys = Array(
        try JSONDecoder().decode(KeySet.self, from: Data(body)).keys.compactMap(\.key).prefix(Self.countLimit))
    } catch {
      throw .metadata
    }
  }

  /// The key of that name for that algorithm. Without a name there has to be only one such key.
  func key(_ name: String?, for algorithm: SigningAlgorithm) -> PublishedKey? {
    let fitting = keys.filter { $0.signs(algorithm) && (name == nil || $0.kid == name) }
    return fitting.count == 1 ? fitting[0] : nil
  }
}

/// One key of the set; only its public part is read.
struct PublishedKey: Decodable, Sendable {
  let kid: String?
  private let kty: String
  private let use: String?
  private let alg: String?
  private let crv: String?
  private let n: String?
  private let e: String?
  private let x: String?
  private let y: String?

  func signs(_ algorithm: SigningAlgorithm) -> Bool {
    guard use ?? "sig" == "sig", alg ?? algorithm.rawValue == algorithm.rawValue else { return false }
    return switch algorithm {
    case .rs256: kty == "RSA"
    case .es256: kty == "EC" && crv == "P-256"
    case .eddsa: kty == "OKP" && crv == "Ed25519"
    }
  }

  /// Whether the signature is of these bytes, by this key.
  func isValid(_ signature: [UInt8], of bytes: [UInt8], by algorithm: SigningAlgorithm) async -> Bool {
    do {
      // The only key of a fresh collection: what the token's header names cannot lead to another.
      let only: JWKIdentifier = "only"
      let verifier = try await JWTKeyCollection().add(jwk: key(for: algorithm, named: only)).getKey(for: only)
      guard verifier.name == algorithm.rawValue else { return false }
      return try verifier.verify(signature, signs: bytes)
    } catch {
      // A key that cannot be read, or a signature of the wrong length, is no valid signature.
      return false
    }
  }

  private func key(for algorithm: SigningAlgorithm, named name: JWKIdentifier) -> JWK {
    switch algorithm {
    case .rs256: .rsa(.rs256, identifier: name, modulus: n, exponent: e)
    case .es256: .ecdsa(.es256, identifier: name, x: x, y: y, curve: .p256)
    case .eddsa: .octetKeyPair(.eddsa, identifier: name, x: x, y: nil, curve: .ed25519)
    }
  }
}

private struct KeySet: Decodable {
  let keys: [Member]

  /// A key, or something that is none of ours.
  struct Member: Decodable {
    let key: PublishedKey?

    init(from decoder: any Decoder) {
      key = try? PublishedKey(from: decoder)
    }
  }
}
