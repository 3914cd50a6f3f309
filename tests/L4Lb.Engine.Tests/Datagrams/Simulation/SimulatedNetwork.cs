using L4Lb.Engine.Datagrams;
using L4Lb.Engine.Interop;
using L4Lb.Engine.Runtime;

namespace L4Lb.Engine.Tests.Datagrams.Simulation;

/// <summary>How it is with a backend.</summary>
internal enum Condition
{
    /// <summary>It answers, mostly.</summary>
    Well,

    /// <summary>What it is sent is lost.</summary>
    Silent,

    /// <summary>What it is sent comes back as an ICMP error, later.</summary>
    Gone,

    /// <summary>A send to it fails.</summary>
    Refusing,

    /// <summary>There is no way to it: not even a socket can be had.</summary>
    NoRoute,
}

/// <summary>Between the flows and their backends: loses, delays, reorders and doubles datagrams, and tells of errors.</summary>
internal sealed class SimulatedNetwork(Random random, Agenda agenda, TestClock clock, FlowInvariants invariants)
{
    private const int Mtu = 9000;

    private static readonly Errno[] s_openWants = [Errno.EMFILE, Errno.ENOMEM, Errno.EADDRNOTAVAIL];
    private static readonly Errno[] s_sendWants = [Errno.ENOBUFS, Errno.EAGAIN, Errno.ENOMEM];

    private readonly Condition[] _conditions = new Condition[1000];

    /// <summary>Errors of our own making so far.</summary>
    internal int Wants { get; private set; }

    /// <summary>Failures that a backend is to blame for, and that the table is told of by what it asked.</summary>
    internal long Faults { get; private set; }

    internal void Set(int port, Condition condition) => _conditions[port - 9000] = condition;

    internal Condition ConditionOf(Backend backend) => _conditions[backend.Address.Port - 9000];

    /// <summary>Whether a datagram for it leaves, but for errors of our own making.</summary>
    internal bool Takes(Backend backend) => ConditionOf(backend) is Condition.Well or Condition.Silent or Condition.Gone;

    /// <summary>The last socket could not be opened for want of something of ours.</summary>
    internal bool RanOut { get; private set; }

    internal Errno Open(Flow flow)
    {
        invariants.Opening(flow);
        RanOut = IsWanting(400);
        if (RanOut)
        {
            return s_openWants[random.Next(s_openWants.Length)];
        }

        var isThere = ConditionOf(flow.Backend!) != Condition.NoRoute;
        Faults += isThere ? 0 : 1;
        return isThere ? Errno.None : Errno.EHOSTUNREACH;
    }

    internal Errno Transmit(TestSocket socket, Datagram datagram, bool isKept)
    {
        var condition = ConditionOf(socket.Backend);
        if (IsWanting(300))
        {
            return s_sendWants[random.Next(s_sendWants.Length)];
        }

        if (condition is Condition.Refusing or Condition.NoRoute)
        {
            Faults += isKept ? 1 : 0;
            return condition == Condition.Refusing ? Errno.ECONNREFUSED : Errno.ENETUNREACH;
        }

        if (datagram.First.Length > Mtu)
        {
            return Errno.EMSGSIZE;
        }

        invariants.SendingBy(socket, datagram, isKept);
        foreach (var single in datagram)
        {
            Deliver(socket, condition, Arrival.NumberOf(single.Bytes));
        }

        return Errno.None;
    }

    private bool IsWanting(int oneIn)
    {
        var wants = random.Next(oneIn) == 0;
        Wants += wants ? 1 : 0;
        return wants;
    }

    private void Deliver(TestSocket socket, Condition condition, int number)
    {
        if (condition == Condition.Gone)
        {
            agenda.Add(clock.NowMs, random.Next(1, 20), new Happening(HappeningKind.Unreachable, socket, number, 1));
        }
        else if (condition == Condition.Well && random.Next(20) > 0)
        {
            var slow = random.Next(50) == 0;
            for (var answers = random.Next(8) == 0 ? random.Next(4) : 1; answers > 0; answers--)
            {
                var count = random.Next(10) == 0 ? random.Next(2, 5) : 1;
                var delay = slow ? random.Next(Agenda.Span) : random.Next(1, 30);
                agenda.Add(clock.NowMs, delay, new Happening(HappeningKind.Answer, socket, number, count));
            }
        }
    }
}
