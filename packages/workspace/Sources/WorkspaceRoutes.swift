// A client's workspace: the same records, rules and screens for whoever may stand in it. The app that shows it gives
// the layout; the addresses below are relative to the access.

import Access
public import Web

/// Declares every route of the workspace below `/i/{impersonation}`.
public func workspaceRoutes(_ routes: Routes) {
  let group = routes.group("i/{impersonation}", context: WorkspaceContext<ActInWorkspace>.self)
  OverviewController.routes(group)
  CaseListController.routes(group)
  CaseController.routes(group)
  CaseMemberController.routes(group)
  CaseMergeController.routes(group)
  PolicyController.routes(group)
  CampaignController.routes(group)
  AttestationController.routes(group)
  InvestigationController.routes(group)
  ReportController.routes(group)
  DisclosureController.routes(group)
  ImportedHistoryController.routes(group)
  UserController.routes(group)
  EmployeeController.routes(group)
  OrgUnitController.routes(group)
  SettingController.routes(group)
  CategoryController.routes(group)
  DomainController.routes(group)
  SignInSettingController.routes(group)
  BrandingController.routes(group)
  RetentionController.routes(group)
  SearchController.routes(group)
  group.get("**", name: "unknown") { _ in throw Problem.notFound }
  group.post("**", name: "unknown") { _ in throw Problem.notFound }
}

/// The context of every handler here.
typealias Inside = WorkspaceContext<ActInWorkspace>
