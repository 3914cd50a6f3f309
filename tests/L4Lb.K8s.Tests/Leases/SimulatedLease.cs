using L4Lb.K8s.Client;
using L4Lb.K8s.Leases;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Tests.Leases;

/// <summary>One Lease as an API server keeps it.</summary>
internal sealed class SimulatedLease
{
    private long _version = 1;

    public Lease? Current { get; private set; }

    /// <summary>What a request does at the moment that it gets here: a Lease or a refusal.</summary>
    public object Do(LeaseStep step) => step.Act switch
    {
        LeaseAct.Read => Current ?? (object)new ApiStatus(404, "NotFound", "no such lease"),
        LeaseAct.Create when Current is not null => new ApiStatus(409, "AlreadyExists", "it is there"),
        LeaseAct.Create => Store(step.Lease!),
        _ when Current is null => new ApiStatus(404, "NotFound", "no such lease"),
        _ when step.Lease!.Metadata.ResourceVersion != Current.Metadata.ResourceVersion => new ApiStatus(409, "Conflict", "it has been modified"),
        _ => Store(step.Lease!),
    };

    /// <summary>Somebody labels it, or so: a new version of the same.</summary>
    public void Touch()
    {
        if (Current is not null)
        {
            Store(Current);
        }
    }

    private Lease Store(Lease lease) =>
        Current = lease with { Metadata = lease.Metadata with { ResourceVersion = $"{++_version}", Uid = "1" } };
}
