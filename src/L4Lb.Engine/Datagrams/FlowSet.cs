using L4Lb.Engine.Runtime;
using L4Lb.Engine.Scheduling;
using L4Lb.Engine.Sessions;
using L4Lb.Engine.Shards;

namespace L4Lb.Engine.Datagrams;

/// <summary>
/// Which flows there are on a shard: by key, by age and by service; who may come in, and who makes way for that. Shard
/// thread only, but for <see cref="Count"/>.
/// </summary>
/// <param name="admission">The process's limit.</param>
/// <param name="clock">The shard's.</param>
/// <param name="shed">Ends a flow that makes way; it removes it from here.</param>
internal sealed class FlowSet(Admission admission, IShardClock clock, Action<Flow> shed)
{
    // Room that was made and that another shard took, so often in a row, is no room.
    private const int TriesMost = 16;

    private readonly FlowIndex _index = new();
    private readonly OpenList<Flow> _open = new();
    private readonly FlowRanks _all = new(ofService: false);
    private readonly Dictionary<Service, FlowRanks> _byService = [];
    private int _count;

    /// <summary>Read by any thread.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <summary>Flows that the index has memory for.</summary>
    internal int Room => _index.Room;

    /// <summary>The flow that a client's next datagram belongs to.</summary>
    internal Flow? Find(in FlowKey key) => _index.Find(key);

    /// <summary>Counts a flow in that is about to begin, making room if it may; false when there is none.</summary>
    internal bool TryEnter(Service service, ref Entrance entrance, bool isOutlet)
    {
        var snapshot = service.Snapshot;
        var tries = snapshot.Spec.Datagrams.WhenFull == Desired.FlowsFull.Shed ? TriesMost : 0;
        while (!isOutlet && !entrance.TryEnter(service, snapshot))
        {
            if (--tries < 0 || !Shed(_byService.GetValueOrDefault(service)))
            {
                return false;
            }
        }

        while (!admission.TryEnterFlow())
        {
            if (--tries < 0 || !Shed(_all))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Makes room for a flow of <paramref name="service"/>; false when that may not be, or nobody can go.</summary>
    internal bool TryShed(Service service) => service.Snapshot.Spec.Datagrams.WhenFull == Desired.FlowsFull.Shed && Shed(_all);

    internal void Add(Flow flow)
    {
        _open.Add(flow);
        _all.Add(flow);
        if (!_byService.TryGetValue(flow.Service, out var ranks))
        {
            _byService.Add(flow.Service, ranks = new FlowRanks(ofService: true));
        }

        ranks.Add(flow);
        Volatile.Write(ref _count, _count + 1);
    }

    internal void Remove(Flow flow)
    {
        Unbind(flow);
        _open.Remove(flow);
        _all.Remove(flow);
        var ranks = _byService[flow.Service];
        ranks.Remove(flow);
        if (ranks.Count == 0)
        {
            _byService.Remove(flow.Service);
        }

        Volatile.Write(ref _count, _count - 1);
    }

    /// <summary>From now on its client's datagrams belong to it.</summary>
    internal void Bind(Flow flow)
    {
        flow.IsBound = true;
        _index.Add(flow);
    }

    /// <summary>Its client's next datagram does not belong to it; answers still come by it.</summary>
    internal void Unbind(Flow flow)
    {
        if (flow.IsBound)
        {
            flow.IsBound = false;
            _index.Remove(flow);
        }
    }

    /// <summary>As in <see cref="OpenList{T}.BeginWalk"/>.</summary>
    internal void BeginWalk() => _open.BeginWalk();

    /// <summary>As in <see cref="OpenList{T}.Walk"/>.</summary>
    internal bool Walk(int most, Action<Flow> visit) => _open.Walk(most, visit);

    /// <summary>Calls <paramref name="visit"/> with every flow; it may remove the one that it is given.</summary>
    internal void ForEach(Action<Flow> visit) => _open.ForEach(visit);

    private bool Shed(FlowRanks? among)
    {
        if (among?.FindIdle(clock.NowMs) is not { } flow)
        {
            return false;
        }

        shed(flow);
        return true;
    }
}
