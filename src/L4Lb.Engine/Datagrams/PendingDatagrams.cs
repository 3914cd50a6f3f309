using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Datagrams;

/// <summary>
/// What waits to be sent to backends until the batch that it was received with is through: chains by flow, so that what
/// one client sent in a row leaves in a row. Shard thread only.
/// </summary>
internal sealed class PendingDatagrams
{
    // A batch of the receiver's. Those that came as one and are told apart can be more: then it grows, once.
    private const int Capacity = 128;

    private readonly List<Flow> _flows = new(Capacity);
    private Datagram[] _datagrams = new Datagram[Capacity];
    private int[] _next = new int[Capacity];
    private FlowKey[] _askers = new FlowKey[Capacity];
    private int _count;

    /// <summary>The flows that have had something to send since it was empty.</summary>
    internal List<Flow> Flows => _flows;

    internal void Add(Flow flow, in Datagram datagram)
    {
        if (_count == _datagrams.Length)
        {
            Array.Resize(ref _datagrams, 2 * _count);
            Array.Resize(ref _next, 2 * _count);
            Array.Resize(ref _askers, 2 * _count);
        }

        var index = _count++;
        (_datagrams[index], _next[index]) = (datagram, -1);
        if (flow.ProxyHeader is not null)
        {
            _askers[index] = flow.Asker;
        }

        if (flow.FirstPending < 0)
        {
            flow.FirstPending = index;
            _flows.Add(flow);
        }
        else
        {
            _next[flow.LastPending] = index;
        }

        flow.LastPending = index;
        flow.Unsent += datagram.Count;
    }

    internal ref readonly Datagram this[int index] => ref _datagrams[index];

    /// <summary>Who asked whom by it; only for flows that carry a PROXY protocol header.</summary>
    internal ref readonly FlowKey AskerOf(int index) => ref _askers[index];

    /// <summary>The one behind it; -1 for none.</summary>
    internal int After(int index) => _next[index];

    /// <summary>Takes the first datagrams of a flow away. Of several that came as one, what is left stays.</summary>
    internal void Remove(Flow flow, int datagrams)
    {
        flow.Unsent -= datagrams;
        while (datagrams > 0)
        {
            ref var head = ref _datagrams[flow.FirstPending];
            if (head.Count > datagrams)
            {
                head = head.Skip(datagrams);
                return;
            }

            datagrams -= head.Count;
            flow.FirstPending = _next[flow.FirstPending];
        }
    }

    /// <summary>Nobody has anything to send any more.</summary>
    internal void Clear()
    {
        _flows.Clear();
        _count = 0;
    }
}
