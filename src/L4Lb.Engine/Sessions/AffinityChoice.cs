using L4Lb.Engine.Desired;
using L4Lb.Engine.Runtime;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Sessions;

/// <summary>
/// Which backend a client tries first because it belongs to it, or is to belong to it from now on; and afterwards, to
/// whom it belongs. An immutable value that lives in the session.
/// </summary>
/// <remarks>
/// A backend that is full stays its clients' own. HAProxy lets them wait in that server's queue, and IPVS sends them
/// there whatever its threshold (Linux net/netfilter/ipvs/ip_vs_conn.c, ip_vs_check_template); neither takes the entry
/// from a server that is well. So here: who finds no room goes elsewhere this once.
/// </remarks>
/// <param name="Preferred">Index of the backend to try first; -1 when the scheduler chooses.</param>
/// <param name="IsKept">It is the backend that the client had, rather than one that it is to have.</param>
internal readonly record struct AffinityChoice(int Preferred, bool IsKept)
{
    /// <summary>No affinity, or nobody to prefer.</summary>
    internal static AffinityChoice None { get; } = new(-1, IsKept: false);

    /// <summary>Chooses for the client of <paramref name="flow"/>.</summary>
    /// <param name="snapshot">The service.</param>
    /// <param name="pool">Who may serve.</param>
    /// <param name="flow">Who asks.</param>
    /// <param name="pick">
    /// The order of the retries: the preferred backend counts as named in it, and where a hash chooses it becomes the
    /// hash's order, so that instances which find a backend dead agree on the next one too.
    /// </param>
    /// <param name="nowMs">Now.</param>
    internal static AffinityChoice Make(
        ServiceSnapshot snapshot, BackendPool pool, in FlowKey flow, ref SchedulePick pick, long nowMs)
    {
        var affinity = snapshot.Affinity;
        if (affinity is null)
        {
            return None;
        }

        var client = snapshot.AffinityMask.KeyOf(flow.Client);
        if (pool.Hash is { } hash)
        {
            pick = new SchedulePick(hash, flow with { Client = new AddressKey(client, 0) });
        }

        if (affinity.TryFind(client, nowMs, out var kept) && Find(snapshot, pool, kept) is >= 0 and var index)
        {
            Prefer(pool, ref pick, index);
            return new AffinityChoice(index, IsKept: true);
        }

        // Nothing kept, or a backend that is gone: whichever of the client's sessions is first decides for all.
        if (!pick.MoveNext(nowMs, out var first))
        {
            return None;
        }

        var agreed = Find(snapshot, pool, affinity.FindOrRemember(client, pool[first].Address, gone: kept, nowMs));
        if (agreed < 0 || agreed == first)
        {
            return new AffinityChoice(first, IsKept: false);
        }

        Prefer(pool, ref pick, agreed);
        return new AffinityChoice(agreed, IsKept: false);
    }

    /// <summary>The client belongs to the backend that answered, unless its own was only full.</summary>
    internal void Settle(ServiceSnapshot snapshot, in FlowKey flow, Backend answered, bool preferredWasFull, long nowMs)
    {
        if (!(IsKept && preferredWasFull))
        {
            snapshot.Affinity?.Remember(snapshot.AffinityMask.KeyOf(flow.Client), answered.Address, nowMs);
        }
    }

    private static void Prefer(BackendPool pool, ref SchedulePick pick, int index)
    {
        // One that drains stays out of the pick, which counts those who may get new clients.
        if (pool.IsEligible(index))
        {
            pick.Prefer(index);
        }
    }

    /// <summary>The index of a backend that its clients may keep; -1 when it is gone.</summary>
    private static int Find(ServiceSnapshot snapshot, BackendPool pool, in AddressKey backend)
    {
        var index = pool.IndexOf(backend, snapshot.AffinityByHost);
        return index >= 0 && pool.IsKept(index) ? index : -1;
    }
}
