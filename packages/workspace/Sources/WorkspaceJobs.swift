// What is done later in a client's workspace.

package import Jobs

/// The kinds of work that a client's workspace needs.
package let workspaceJobs: [any Job.Type] = [
  RetentionCheck.self, SearchDrain.self, SearchRebuild.self,
  ClockOrder.self, CampaignStart.self, CampaignWork.self, AttestationOverdue.self, DisclosureExpiry.self,
]
