using System.Runtime.InteropServices;
using L4Lb.Engine.Desired;

namespace L4Lb.K8s.Translation;

/// <summary>
/// Gives every address to one service port: the first, in the order given, keeps it. Only what is exactly the same
/// is a conflict, since a listener on one address and one on all addresses can share a port.
/// </summary>
internal sealed class ListenConflicts
{
    private readonly Dictionary<(TransportProtocol Protocol, AddressKey Address), ServiceKey> _owners = [];

    /// <summary>Takes the addresses of <paramref name="spec"/> that are free.</summary>
    /// <param name="spec">What was asked for.</param>
    /// <param name="lost">Takes each address that somebody else has, with its owner.</param>
    /// <returns>What can be had; the same instance when it is everything.</returns>
    public ServiceSpec Claim(ServiceSpec spec, ICollection<LostListen> lost)
    {
        List<ListenSpec>? kept = null;
        for (var i = 0; i < spec.Listens.Count; i++)
        {
            var listen = spec.Listens[i];
            ref var owner = ref CollectionsMarshal.GetValueRefOrAddDefault(
                _owners, (spec.Protocol, AddressKey.From(listen.Address)), out var taken);
            if (taken)
            {
                kept ??= [.. spec.Listens.Take(i)];
                lost.Add(new(spec, listen, owner));
                continue;
            }

            owner = spec.Key;
            kept?.Add(listen);
        }

        return kept is null ? spec : spec with { Listens = kept.ToEquatableArray() };
    }
}

/// <summary>An address that a service port wanted and somebody else has.</summary>
/// <param name="Spec">Who wanted it.</param>
/// <param name="Listen">What it wanted.</param>
/// <param name="Owner">Who has it.</param>
internal readonly record struct LostListen(ServiceSpec Spec, ListenSpec Listen, ServiceKey Owner);
