namespace L4Lb.K8s.Provider;

/// <summary>Reasons of events on a Service: those that every implementation uses, so that people find what they know.</summary>
internal static class EventReasons
{
    public const string Ensuring = "EnsuringLoadBalancer";
    public const string Ensured = "EnsuredLoadBalancer";
    public const string Updated = "UpdatedLoadBalancer";
    public const string Deleting = "DeletingLoadBalancer";
    public const string Deleted = "DeletedLoadBalancer";
    public const string SyncFailed = "SyncLoadBalancerFailed";
    public const string AllocationFailed = "AllocationFailed";
    public const string Duplicate = "DuplicateAddress";
    public const string InvalidPool = "InvalidAddressPool";
}
