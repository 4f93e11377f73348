// A language model behind an address: one question, one answer, over the chat protocol that servers of models speak
// [OpenAI API reference, chat completions]. What is asked and what an answer is worth is its caller's.

import FoundationEssentials

/// A language model that answers over HTTP.
public struct ChatModel: Sendable {
  private let url: String
  private let model: String
  private let key: String?
  private let fetch: HTTPFetch

  /// - Parameters:
  ///   - url: where questions are sent: https, or http on loopback.
  ///   - model: which one of those that the server has.
  ///   - key: sent as a bearer token.
  /// - Returns: `nil` for an address that is neither, and for a key that is no token.
  public init?(url: String, model: String, key: String?, fetch: HTTPFetch) {
    let isToken = key?.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } ?? true
    guard ProviderURL(url) != nil, isToken else { return nil }
    self.url = url
    self.model = model
    self.key = key
    self.fetch = fetch
  }

  /// What the model says, which should be JSON, to a question.
  /// - Parameter instruction: what it is to do with it.
  /// - Throws: `ChatFailure` for an answer that is none, and what `fetch` throws.
  public func answer(to question: String, instruction: String) async throws -> String {
    let body = Request(
      model: model, temperature: 0,
      messages: [Message(role: "system", content: instruction), Message(role: "user", content: question)],
      responseFormat: Format(type: "json_object"))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let json = String(decoding: try encoder.encode(body), as: UTF8.self)
    var headers = ["Accept": "application/json"]
    if let key { headers["Authorization"] = "Bearer \(key)" }
    let answer = try await fetch.send(OutgoingRequest(.send(json: json), url, headers: headers))
    guard answer.status == 200 else { throw ChatFailure.status(answer.status) }
    do {
      let said = try JSONDecoder().decode(Response.self, from: Data(answer.body))
      guard let first = said.choices.first else { throw ChatFailure.unreadable }
      return first.message.content
    } catch is DecodingError {
      throw ChatFailure.unreadable
    }
  }

  private struct Request: Encodable {
    let model: String
    let temperature: Int
    let messages: [Message]
    let responseFormat: Format

    private enum CodingKeys: String, CodingKey {
      case model, temperature, messages
      case responseFormat = "response_format"
    }
  }

  private struct Format: Encodable {
    let type: String
  }

  private struct Message: Codable {
    let role: String
    let content: String
  }

  private struct Response: Decodable {
    let choices: [Choice]
  }

  private struct Choice: Decodable {
    let message: Message
  }
}

/// Why a model's answer is none.
public enum ChatFailure: Error, Sendable, Hashable, CustomStringConvertible {
  case status(Int)
  /// It is not what the protocol says.
  case unreadable

  /// For the log: nothing of what was asked or answered.
  public var description: String {
    switch self {
    case .status(let status): "status \(status)"
    case .unreadable: "the answer is not of the protocol"
    }
  }
}
