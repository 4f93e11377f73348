// The JSON face of staff pages.

import Access
import EthicoTypes
import FoundationEssentials

/// A staff person as a list gives them to programs.
struct StaffBody: Encodable, Sendable {
  let id: ID<Staff>
  let email: String
  let name: String
  let timezone: String
  let state: StaffState
  let reportsTo: Person?
  let invited: Date
  let lastSignIn: Date?
  let capabilities: [String]
  let presets: [String]
  let openAccesses: Int
  let openSignIns: Int
  let lock: Lock?
  let version: Int

  struct Person: Encodable, Sendable {
    let id: ID<Staff>
    let name: String
  }

  struct Lock: Encodable, Sendable {
    let at: Date
    let reason: String
    let by: String
  }

  enum CodingKeys: String, CodingKey {
    case id, email, name, timezone, state, invited, capabilities, presets, lock, version
    case reportsTo = "reports_to"
    case lastSignIn = "last_sign_in"
    case openAccesses = "open_accesses"
    case openSignIns = "open_sign_ins"
  }

  init(_ person: StaffRecord) {
    id = person.id
    email = person.email
    name = person.name
    timezone = person.timezone
    state = person.state
    reportsTo = person.reportsTo.map { Person(id: $0.id, name: $0.name) }
    invited = person.invitedAt
    lastSignIn = person.lastSignInAt
    capabilities = person.capabilities
    presets = person.presets
    openAccesses = person.openAccesses
    openSignIns = person.openSignIns
    lock = person.lock.map { Lock(at: $0.at, reason: $0.reason, by: $0.by) }
    version = person.version
  }
}

/// A page of the staff.
struct StaffListBody: Encodable, Sendable {
  let items: [StaffBody]
  let count: Int
  let next: String?
}

/// One person with all that belongs to them.
struct StaffFileBody: Encodable, Sendable {
  let person: StaffBody
  let grants: [GrantBody]
  let signIns: [SignInBody]
  let accesses: [OpenAccessBody]

  enum CodingKeys: String, CodingKey {
    case person, grants, accesses
    case signIns = "sign_ins"
  }

  init(_ file: StaffFile) {
    person = StaffBody(file.person)
    grants = (file.grants + file.taken).map(GrantBody.init)
    signIns = file.signIns.map(SignInBody.init)
    accesses = file.accesses.map(OpenAccessBody.init)
  }
}

/// One grant.
struct GrantBody: Encodable, Sendable {
  let id: ID<StaffGrant>
  let capability: String
  let preset: String?
  let granted: Date
  let by: String
  let rationale: String
  let until: Date?
  let ended: Date?
  let endedBy: String?

  enum CodingKeys: String, CodingKey {
    case id, capability, preset, granted, by, rationale, until, ended
    case endedBy = "ended_by"
  }

  init(_ grant: StaffGrant) {
    id = grant.id
    capability = grant.capability
    preset = grant.preset
    granted = grant.grantedAt
    by = grant.grantedBy
    rationale = grant.rationale
    until = grant.until
    ended = grant.ending?.at
    endedBy = grant.ending?.by
  }
}

/// One sign-in.
struct SignInBody: Encodable, Sendable {
  let id: ID<StaffSession>
  let method: String
  let started: Date
  let lastSeen: Date
  let ip: String
  let agent: String

  enum CodingKeys: String, CodingKey {
    case id, method, started, ip, agent
    case lastSeen = "last_seen"
  }

  init(_ signIn: SignInRecord) {
    id = signIn.id
    method = signIn.method
    started = signIn.startedAt
    lastSeen = signIn.lastSeenAt
    ip = signIn.ip
    agent = signIn.agent
  }
}

/// The presets there are.
struct PresetListBody: Encodable, Sendable {
  let items: [PresetBody]
}

/// One preset.
struct PresetBody: Encodable, Sendable {
  let name: String
  let capabilities: [String]
  let holders: Int

  init(_ preset: CapabilityPreset) {
    name = preset.name
    capabilities = preset.capabilities
    holders = preset.holders
  }
}

/// The form of an invitation, to programs: who can be reported to.
struct StaffInviteBody: Encodable, Sendable {
  let managers: [StaffBody.Person]
}
