using System.Net;
using L4Lb.Engine.Interop;
using L4Lb.Host.Announcing;

namespace L4Lb.Host.Tests.Announcing;

/// <summary>
/// A segment, an API server and nodes on a clock of milliseconds: frames take a moment and get lost, kernels answer and forget
/// by themselves, processes die, stall and come back. Everything by one source of chance.
/// </summary>
internal sealed class SimulatedSegment
{
    public static readonly IPAddress Address = IPAddress.Parse("192.0.2.10");

    private readonly PriorityQueue<Action, (long AtMs, long Order)> _events = new();
    private long _order;
    private long _overlapSinceMs = -1;

    public SimulatedSegment(int seed, int nodes, TimeSpan lease)
    {
        Chance = new Random(seed);
        Lease = new SimulatedLease(this, (long)lease.TotalMilliseconds);
        Timing = AnnounceTiming.OnLink(lease, lease);
        Nodes = [.. Enumerable.Range(1, nodes).Select(i => new SimulatedNode(this, i))];
    }

    public Random Chance { get; }

    public SimulatedLease Lease { get; }

    public AnnounceTiming Timing { get; }

    public IReadOnlyList<SimulatedNode> Nodes { get; }

    public long NowMs { get; private set; }

    /// <summary>Part of the frames that get lost, for each receiver by itself.</summary>
    public double Loss { get; set; }

    /// <summary>A host of somebody else that has the address, and answers whoever asks.</summary>
    public bool HasForeigner { get; set; }

    /// <summary>The longest time so far that two who could hear each other had the address.</summary>
    public long LongestOverlapMs { get; private set; }

    public void At(long ms, Action action) => _events.Enqueue(action, (Math.Max(ms, NowMs), _order++));

    public void In(long ms, Action action) => At(NowMs + ms, action);

    /// <summary>Lets time pass; calls <paramref name="each"/> at every millisecond, after what happens at it.</summary>
    public void Run(long ms, Action? each = null)
    {
        for (var endMs = NowMs + ms; NowMs < endMs; NowMs++)
        {
            while (_events.TryPeek(out var next, out var when) && when.AtMs <= NowMs)
            {
                _events.Dequeue();
                next();
            }

            foreach (var node in Nodes)
            {
                node.Tick();
            }

            Measure();
            each?.Invoke();
        }
    }

    /// <summary>A frame to everybody whom the sender reaches.</summary>
    public void Send(SimulatedNode sender, bool isProbe)
    {
        foreach (var node in Nodes)
        {
            if (node != sender && node.Hears(sender) && Arrives())
            {
                In(Chance.Next(1, 4), () => node.Receive(new Claim(Address, sender.Hardware, isProbe), sender));
            }
        }

        if (HasForeigner && isProbe && Arrives())
        {
            In(Chance.Next(2, 7), () => sender.Receive(new Claim(Address, new HardwareAddress(0xBAD), IsProbe: false), null));
        }
    }

    /// <summary>A frame to one.</summary>
    public void Answer(SimulatedNode sender, SimulatedNode receiver)
    {
        if (receiver.Hears(sender) && Arrives())
        {
            In(Chance.Next(1, 4), () => receiver.Receive(new Claim(Address, sender.Hardware, IsProbe: false), sender));
        }
    }

    private bool Arrives() => Chance.NextDouble() >= Loss;

    private void Measure()
    {
        var isOverlap = false;
        for (var i = 0; i < Nodes.Count; i++)
        {
            for (var j = 0; j < i && Nodes[i].HasAddress; j++)
            {
                isOverlap |= Nodes[j].HasAddress && Nodes[i].Hears(Nodes[j]);
            }
        }

        _overlapSinceMs = !isOverlap ? -1 : _overlapSinceMs < 0 ? NowMs : _overlapSinceMs;
        LongestOverlapMs = isOverlap ? Math.Max(LongestOverlapMs, NowMs - _overlapSinceMs) : LongestOverlapMs;
    }
}
