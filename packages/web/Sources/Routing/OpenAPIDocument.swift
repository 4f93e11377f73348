// The addresses of the console for programs: made from the table of routes, so that none can be missing from it.

import EthicoTypes
import HTTPTypes

/// A description of every route [OpenAPI 3.1.1]. It says what the table knows: addresses, names, who may, and how an
/// answer begins. Which fields a form or a filter takes is the page's to say, so those are left open here.
struct OpenAPIDocument: Encodable, Sendable {
  private let value: JSONValue

  init(of table: [RouteDeclaration], settings: WebSettings, release: String) {
    // A catch-all is an answer to addresses that no route has.
    let routes = table.filter { !$0.isCatchAll }
    let names = Dictionary(grouping: routes, by: \.name)
    let paths = Dictionary(grouping: routes, by: \.path).mapValues { routes in
      JSONValue.members(
        Dictionary(
          routes.map { route in
            (route.method.rawValue.lowercased(), Self.operation(route, isAlone: names[route.name]?.count == 1))
          },
          uniquingKeysWith: { first, _ in first }))
    }
    value = [
      "openapi": "3.1.1",
      "info": ["title": "Ethico Internal Operations Portal", "version": .text(release)],
      "servers": [["url": .text(settings.origin)]],
      "paths": .members(paths),
      "components": [
        "securitySchemes": [
          "session": ["type": "apiKey", "in": "cookie", "name": .text(settings.cookieName)],
          "csrf": ["type": "apiKey", "in": "header", "name": .text(HTTPField.Name.opsCSRF.rawName)],
        ],
        "parameters": ["IdempotencyKey": Self.idempotencyKey, "Filters": Self.filters],
        "schemas": ["Problem": Self.problem, "Members": Self.members, "Fields": Self.fields],
        "responses": Self.responses,
      ],
    ]
  }

  func encode(to encoder: any Encoder) throws {
    try value.encode(to: encoder)
  }

  /// - Parameter isAlone: whether no other route has its name: an `operationId` is unique, an act's name need not be.
  private static func operation(_ route: RouteDeclaration, isAlone: Bool) -> JSONValue {
    var members: [String: JSONValue] = [
      "operationId": .text(isAlone ? route.name : route.name + "." + route.words.joined(separator: "_")),
      "x-name": .text(route.name),
      "parameters": .list(parameters(of: route)),
      "responses": .members(responses(of: route)),
      "security": .list(security(of: route)),
    ]
    switch route.access {
    case .anybody: members["x-access"] = "anybody"
    case .staff(let capability):
      members["x-access"] = "staff"
      members["x-capability"] = .text(capability.rawValue)
    case .workspace(let capability):
      members["x-access"] = "open access of one's own"
      members["x-capability"] = .text(capability.rawValue)
    }
    if !route.method.isSafe { members["requestBody"] = body(of: route) }
    return .members(members)
  }

  private static func parameters(of route: RouteDeclaration) -> [JSONValue] {
    let inPath = route.parameters.map { name in
      let schema: JSONValue =
        RouteDeclaration.wordParameters.contains(name)
        ? ["type": "string", "minLength": 1, "maxLength": 200] : ["type": "string", "format": "uuid"]
      return ["name": .text(name), "in": "path", "required": true, "schema": schema] as JSONValue
    }
    let shared = route.method.isSafe ? "Filters" : "IdempotencyKey"
    return inPath + [["$ref": "#/components/parameters/\(shared)"]]
  }

  private static func security(of route: RouteDeclaration) -> [JSONValue] {
    switch route.access {
    case .anybody: []
    case .staff, .workspace: route.method.isSafe ? [["session": []]] : [["session": [], "csrf": []]]
    }
  }

  private static func body(of route: RouteDeclaration) -> JSONValue {
    if let bytes = route.bytes {
      let schema: JSONValue = ["type": "string", "format": "binary", "maxLength": .number(bytes.limit)]
      return ["content": .members([bytes.mediaType: ["schema": schema]])]
    }
    var content: [String: JSONValue] = [
      "application/x-www-form-urlencoded": ["schema": ["$ref": "#/components/schemas/Fields"]],
      "application/json": ["schema": ["$ref": "#/components/schemas/Members"]],
    ]
    if let upload = route.upload {
      content["multipart/form-data"] = [
        "schema": [
          "type": "object",
          "properties": ["file": ["type": "string", "format": "binary", "maxLength": .number(upload.fileBytes)]],
          "additionalProperties": ["type": "string"],
        ]
      ]
    }
    return ["content": .members(content)]
  }

  private static func responses(of route: RouteDeclaration) -> [String: JSONValue] {
    let name = route.content == .live ? "Live" : "Shown"
    let shown: JSONValue = ["$ref": .text("#/components/responses/" + name)]
    let problem: JSONValue = ["$ref": "#/components/responses/Problem"]
    var found = ["200": shown, "default": problem]
    if !route.method.isSafe { found["303"] = ["$ref": "#/components/responses/Done"] }
    return found
  }

  private static let responses: JSONValue = [
    "Shown": [
      "description": "The page, or its value for who asks for JSON alone; for a download, the file.",
      "content": ["text/html": [:], "application/json": ["schema": ["type": "object"]]],
    ],
    "Live": [
      "description": """
      The values of a page that change while it is open: once as JSON; for who accepts text/event-stream alone, each \
      time as an event `values`, with a `beat` at least every fifteen seconds and `ended` when the right to look is \
      over. A sign-in has a few streams at once; beyond, 429.
      """,
      "content": [
        "application/json": ["schema": ["type": "object"]], "text/event-stream": ["schema": ["type": "string"]],
      ],
    ],
    "Done": [
      "description": "It was done; the address of the page that shows it.",
      "headers": ["Location": ["required": true, "schema": ["type": "string"]]],
      "content": [
        "application/json": [
          "schema": [
            "type": "object", "required": ["location"], "properties": ["location": ["type": "string"]],
          ]
        ]
      ],
    ],
    "Problem": [
      "description": "It was refused, and nothing was changed; or it failed.",
      "content": [
        "text/html": [:], "application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]],
      ],
    ],
  ]

  /// As ProblemBody writes it [RFC 9457].
  private static let problem: JSONValue = [
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "correlation"],
    "properties": [
      "type": ["type": "string"], "title": ["type": "string"], "status": ["type": "integer"],
      "detail": ["type": "string"], "code": ["type": "string"], "correlation": ["type": "string"],
      "errors": [
        "type": "array",
        "items": [
          "type": "object", "required": ["field", "message"],
          "properties": ["field": ["type": "string"], "message": ["type": "string"]],
        ],
      ],
    ],
  ]

  /// What SubmittedForm reads from an object: a list becomes a field of that name with `[]` for each item.
  private static let members: JSONValue = [
    "type": "object",
    "properties": ["version": ["type": "integer"]],
    "additionalProperties": [
      "anyOf": [
        ["type": ["string", "boolean", "integer", "null"]], ["type": "array", "items": ["type": "string"]],
      ]
    ],
  ]

  private static let fields: JSONValue = [
    "type": "object",
    "properties": [
      "_csrf": ["type": "string", "description": "The token, instead of the header Ops-Csrf."],
      "_key": ["type": "string", "maxLength": 100, "description": "The key, instead of the header Idempotency-Key."],
      "version": ["type": "string", "description": "Of the record as it was seen; an older one is refused with 409."],
    ],
    "additionalProperties": ["type": "string"],
  ]

  private static let idempotencyKey: JSONValue = [
    "name": "Idempotency-Key", "in": "header", "schema": ["type": "string", "maxLength": 100],
    "description": "A second request with it does nothing and gets the first one's answer.",
  ]

  private static let filters: JSONValue = [
    "name": "filters", "in": "query", "style": "form", "explode": true,
    "schema": ["type": "object", "additionalProperties": ["type": "string"]],
    "description": "What the page's filter bar offers, each by its name.",
  ]
}

extension RouteDeclaration {
  /// The parameters of addresses that are words; all others are ids.
  fileprivate static let wordParameters: Set = ["slug", "key", "flag", "preset", "number", "row", "code"]

  /// What stands in the address apart from parameters and the workspace's beginning.
  fileprivate var words: [String] {
    path.split(separator: "/").map(String.init).filter { $0 != "i" && !$0.hasPrefix("{") }
  }
}
