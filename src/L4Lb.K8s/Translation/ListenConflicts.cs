using L4Lb.Engine.Desired;

namespace L4Lb.K8s.Translation;

/// <summary>
/// Gives every address to one service port. What the control plane gave out goes before what a load balancer was given, and
/// that before what somebody wrote: else an external IP could take another Service's ClusterIP away (CVE-2020-8554). Among
/// equals the first, in the order of the reservations, has it. Only what is exactly the same is a conflict, since a listener on
/// one address and one on all addresses can share a port.
/// </summary>
/// <param name="capacity">How many addresses are about to be reserved.</param>
internal sealed class ListenConflicts(int capacity)
{
    /// <summary>Number of ranks.</summary>
    public const int Ranks = 3;

    private readonly Dictionary<(TransportProtocol Protocol, AddressKey Address), ServiceKey> _owners = new(capacity);

    /// <summary>Takes for <paramref name="spec"/> what is free of its addresses of a rank, 0 first.</summary>
    public void Reserve(ServiceSpec spec, int rank)
    {
        foreach (var listen in spec.Listens)
        {
            if (RankOf(listen.Kind) == rank)
            {
                _owners.TryAdd((spec.Protocol, AddressKey.From(listen.Address)), spec.Key);
            }
        }
    }

    /// <summary>What <paramref name="spec"/> gets of what it asked for, once everybody has reserved.</summary>
    /// <param name="spec">What was asked for.</param>
    /// <param name="lost">Takes each address that somebody else has, with its owner.</param>
    /// <returns>What can be had; the same instance when it is everything.</returns>
    public ServiceSpec Claim(ServiceSpec spec, ICollection<LostListen> lost)
    {
        List<ListenSpec>? kept = null;
        for (var i = 0; i < spec.Listens.Count; i++)
        {
            var listen = spec.Listens[i];
            var owner = _owners[(spec.Protocol, AddressKey.From(listen.Address))];
            if (owner != spec.Key)
            {
                kept ??= [.. spec.Listens.Take(i)];
                lost.Add(new(listen, owner));
                continue;
            }

            kept?.Add(listen);
        }

        return kept is null ? spec : spec with { Listens = kept.ToEquatableArray() };
    }

    private static int RankOf(ListenKind kind) => kind switch
    {
        ListenKind.LoadBalancer => 1,
        ListenKind.ExternalIP => 2,
        _ => 0,
    };
}

/// <summary>An address that a service port wanted and somebody else has.</summary>
/// <param name="Listen">What it wanted.</param>
/// <param name="Owner">Who has it.</param>
internal readonly record struct LostListen(ListenSpec Listen, ServiceKey Owner);
