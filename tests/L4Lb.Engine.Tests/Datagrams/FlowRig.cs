using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using L4Lb.Engine.Datagrams;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Interop;
using L4Lb.Engine.Metrics;
using L4Lb.Engine.Scheduling;
using L4Lb.Engine.Sessions;
using L4Lb.Engine.Shards;
using L4Lb.Engine.Sockets;

namespace L4Lb.Engine.Tests.Datagrams;

/// <summary>
/// A flow table with one service, and words for what clients and backends do to it: datagrams are texts, and backends are
/// named by their ports.
/// </summary>
internal sealed class FlowRig : ISessionLog
{
    private static readonly IPEndPoint s_listen = new(IPAddress.Parse("10.96.0.1"), 53);

    // What was received stays where it is until the end of the test.
    private readonly List<byte[]> _received = [];

    internal FlowRig(ServiceSpec spec, int flowsMost = 1000)
    {
        Service = new ServiceRig(spec);
        Listener = new DatagramListener(null, fd: 0, TargetOf(Service));
        Admission = new Admission(descriptors: 100_000, pipes: 0, sessionsMost: 0, flowsMost);
        Timers = new TimerWheel(Clock.NowMs);
        Table = new FlowTable(new FlowContext(Shard: 3, Clock, Timers, Counters, Admission, Clock, this), Port);
        Port.Table = Table;
        Port.Transmits = OnSent;
        Port.Replies = (flow, datagram) => Replies.Add((flow.Client.ToKey().ToString(), TextOf(datagram)));
    }

    internal TestClock Clock { get; } = new(nowMs: 5000);

    internal TimerWheel Timers { get; }

    internal ShardCounters Counters { get; } = new();

    internal Admission Admission { get; }

    internal TestPort Port { get; } = new();

    internal FlowTable Table { get; }

    internal ServiceRig Service { get; }

    internal DatagramListener Listener { get; }

    /// <summary>What went to backends, by port. Multiple datagrams are separated by a bar.</summary>
    internal List<(int Backend, string Text)> Sent { get; } = [];

    /// <summary>What went to clients.</summary>
    internal List<(string Client, string Text)> Replies { get; } = [];

    /// <summary>Flows that are over, and refusals.</summary>
    internal List<SessionRecord> Records { get; } = [];

    /// <summary>How sends to the backend with this port end.</summary>
    internal Func<int, Errno> Sends { get; set; } = static _ => Errno.None;

    /// <summary>Reasons of the records.</summary>
    internal IEnumerable<CloseReason> Reasons => Records.Select(record => record.Reason);

    /// <summary>Flows that are open, in the order in which they began.</summary>
    internal IReadOnlyList<Flow> Flows => [.. Port.Sockets.Select(socket => socket.Flow).OrderBy(flow => flow.Id)];

    internal static ListenerTarget TargetOf(ServiceRig service) =>
        new(service.Service, new ListenSpec { Address = s_listen });

    /// <summary>Spec of a service with rules.</summary>
    internal static ServiceSpec Spec(DatagramSpec rules, params int[] ports) => ServiceRig.Spec53(ports) with { Datagrams = rules };

    /// <summary>A client sends something: one datagram, or several of the length of the first.</summary>
    internal void Ask(string text, string client = "192.0.2.1:1000", DatagramListener? listener = null)
    {
        listener ??= Listener;
        Table.Arrive(listener, KeyOf(client).ToSocketAddress(), listener.Target.Address, Received(text));
    }

    /// <summary>The backend of the flow answers.</summary>
    internal void Answer(string text, Flow? flow = null) => Table.Answered(flow ?? Flows[0], Received(text));

    /// <summary>Lets time pass, and everything happen whose time has come.</summary>
    internal void Pass(long ms)
    {
        for (var end = Clock.NowMs + ms; Clock.NowMs < end;)
        {
            Clock.NowMs = Math.Min(Clock.NowMs + 100, end);
            Timers.Advance(Clock.NowMs);
        }
    }

    /// <summary>A flow that is in no table.</summary>
    internal Flow NewFlow(FlowKey key = default) => new(Table, Service.Service, Listener, key, default) { Counters = new ServiceCounters() };

    /// <summary>Everything was given back.</summary>
    internal void AssertNothingIsLeft()
    {
        Assert.Equal((0, 0, 0, 0), (Table.Count, Admission.Flows, Service.Service.Active, Timers.Count));
        Assert.Equal((0, 0), (Table.Kept.Rented, Table.Kept.RentedBytes));
        Assert.Empty(Port.Sockets);
        Assert.Equal(0, Port.Waiting);
        Assert.Equal(0, Listener.Flows);
        Assert.All(Service.Backends.Values, backend => Assert.Equal(0, backend.Load.Active));
        Assert.Equal(Counters.Accepted, Enum.GetValues<CloseReason>().Sum(reason => Counters.Closed((int)reason)));
    }

    public void Closed(in SessionRecord session) => Records.Add(session);

    internal static AddressKey KeyOf(string endPoint) => AddressKey.From(IPEndPoint.Parse(endPoint));

    internal unsafe Datagram Received(string text)
    {
        var bytes = GC.AllocateArray<byte>(Math.Max(text.Length, 1), pinned: true);
        _received.Add(bytes);
        var segment = text.IndexOf('|', StringComparison.Ordinal);
        var length = Encoding.ASCII.GetBytes(text.Replace("|", "", StringComparison.Ordinal), bytes);
        return new Datagram((byte*)Marshal.UnsafeAddrOfPinnedArrayElement(bytes, 0), length, segment < 0 ? length : segment);
    }

    private Errno OnSent(TestSocket socket, Datagram datagram, bool isKept)
    {
        var error = Sends(socket.Backend.Address.Port);
        if (error == Errno.None)
        {
            Sent.Add((socket.Backend.Address.Port, TextOf(datagram)));
        }

        return error;
    }

    private static string TextOf(in Datagram datagram)
    {
        var texts = new List<string>();
        foreach (var single in datagram)
        {
            texts.Add(Encoding.ASCII.GetString(single.Bytes));
        }

        return string.Join('|', texts);
    }
}
