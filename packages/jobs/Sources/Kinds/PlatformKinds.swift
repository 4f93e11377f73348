// The kinds of work that need nothing but the platform itself.

extension JobKinds {
  /// What every program that works knows; an area adds its own.
  package static let ofThePlatform: [any Job.Type] = [
    AuditVerify.self, PlatformClean.self, TenantClean.self, TenantPulseCount.self, SearchSurvey.self,
    MailDelivery.self,
  ]
}
