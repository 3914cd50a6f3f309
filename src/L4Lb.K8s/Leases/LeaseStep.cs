using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Leases;

/// <summary>What a candidate does next.</summary>
/// <param name="Act">What.</param>
/// <param name="Until">For <see cref="LeaseAct.Wait"/>, when to ask again at the latest.</param>
/// <param name="Lease">What to write; null when nothing is to be written.</param>
internal readonly record struct LeaseStep(LeaseAct Act, TimeSpan Until, Lease? Lease);

/// <summary>Kinds of <see cref="LeaseStep"/>.</summary>
internal enum LeaseAct
{
    /// <summary>Nothing for now.</summary>
    Wait,

    /// <summary>Read the Lease.</summary>
    Read,

    /// <summary>Create the Lease.</summary>
    Create,

    /// <summary>Replace the Lease, provided that it still has the version that was seen.</summary>
    Replace,
}
