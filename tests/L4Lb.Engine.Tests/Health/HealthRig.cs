using System.Net;
using System.Threading.Channels;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Health;
using L4Lb.Engine.Health.Probes;
using L4Lb.Engine.Runtime;

namespace L4Lb.Engine.Tests.Health;

/// <summary>
/// Everything of health but its loop and its sockets: time passes when the test says so, and a probe finds what the test
/// says of the backend.
/// </summary>
internal sealed class HealthRig : IHealthLog
{
    private readonly Channel<Action> _inbox = Channel.CreateUnbounded<Action>();
    private readonly StoppedTime _time = new();
    private readonly Dictionary<AddressKey, Backend> _identities = [];
    private readonly HealthRoster _roster;
    private readonly HealthContext _context;

    internal HealthRig()
    {
        var clock = new HealthClock(_time);
        var due = new DueQueue();
        void Post(Action work) => _inbox.Writer.TryWrite(work);
        _context = new HealthContext(
            clock,
            due,
            new CheckRunner(clock, Post, mostSockets: 128, mostPrograms: 8),
            new Republisher(clock, due, Post, Republish, backend => Resets.Add(backend.Address.Port)),
            Post,
            spec => new ScriptedProbe(this, spec),
            Chance: () => 0.5,
            this);
        _roster = new HealthRoster(_context);
    }

    /// <summary>What a probe of the backend with this port finds, when asked for this path.</summary>
    internal Func<int, string, bool> IsWell { get; set; } = (_, _) => true;

    /// <summary>When the backend with this port was probed, in milliseconds.</summary>
    internal List<(int Port, long AtMs)> Probes { get; } = [];

    /// <summary>When services were compiled anew, in milliseconds.</summary>
    internal List<long> Republished { get; } = [];

    /// <summary>Ports of the backends whose sessions were reset.</summary>
    internal List<int> Resets { get; } = [];

    internal List<HealthChange> Changes { get; } = [];

    internal long NowMs => _context.Clock.NowMs;

    /// <summary>The identity of the backend with this port.</summary>
    internal Backend this[int port] => _identities[KeyOf(port)];

    internal static ServiceSpec Service(HealthSpec health, params int[] ports) => new()
    {
        Key = new ServiceKey("default", "web", "http"),
        Health = health,
        Backends = [.. ports.Select(port => new BackendSpec { Address = KeyOf(port).ToIPEndPoint() })],
    };

    internal static HealthSpec Checked(int intervalMs = 1000, int rise = 2, int fall = 3) => new()
    {
        Probe = new ProbeSpec { Kind = ProbeKind.Tcp, Interval = TimeSpan.FromMilliseconds(intervalMs), Rise = rise, Fall = fall },
    };

    /// <summary>Puts a service in force, as the control plane would.</summary>
    internal void Follow(ServiceSpec spec)
    {
        foreach (var backend in spec.Backends)
        {
            var key = AddressKey.From(backend.Address);
            _identities.TryAdd(key, new Backend(key));
        }

        var wanted = spec.Backends.Select(backend => AddressKey.From(backend.Address)).ToHashSet();
        foreach (var (key, backend) in _identities)
        {
            backend.IsRemoved = !wanted.Contains(key);
        }

        _roster.Follow([], [new ObservedService(spec, _identities)]);
    }

    /// <summary>Removes it.</summary>
    internal void Remove(ServiceSpec spec) => _roster.Follow([spec.Key], []);

    /// <summary>Sessions fail to connect, or succeed.</summary>
    internal void Connect(int port, bool succeeds, int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            if (succeeds)
            {
                this[port].Connects.AddSuccess();
            }
            else
            {
                this[port].Connects.AddFailure();
            }
        }
    }

    /// <summary>Lets that much time pass, and everything happen whose time has come.</summary>
    internal async Task PassAsync(double seconds)
    {
        var endMs = NowMs + (long)(seconds * 1000);
        await SettleAsync();
        while (_context.Due.NextMs is { } nextMs && nextMs <= endMs)
        {
            _time.Now = TimeSpan.FromMilliseconds(nextMs);
            _context.Due.RunDue(nextMs);
            await SettleAsync();
        }

        _time.Now = TimeSpan.FromMilliseconds(endMs);
    }

    public void Changed(in HealthChange change) => Changes.Add(change);

    /// <summary>Runs what probes, sessions and publications have posted, until none is under way.</summary>
    private async Task SettleAsync()
    {
        while (_inbox.Reader.TryRead(out var work) || _context.Runner.Running > 0 || _context.Republisher.IsRunning)
        {
            (work ?? await _inbox.Reader.ReadAsync(TestContext.Current.CancellationToken))();
        }
    }

    private ValueTask Republish(IEnumerable<ServiceKey> services)
    {
        Republished.AddRange(services.Select(_ => NowMs));
        return ValueTask.CompletedTask;
    }

    private static AddressKey KeyOf(int port) => AddressKey.From(IPAddress.Loopback, port);

    private sealed class ScriptedProbe(HealthRig rig, ProbeSpec spec) : IProbe
    {
        public Task<ProbeResult> RunAsync(ProbeTarget target, CancellationToken deadline)
        {
            lock (rig.Probes)
            {
                rig.Probes.Add((target.Backend.Port, rig.NowMs));
                return Task.FromResult(rig.IsWell(target.Backend.Port, spec.Path)
                    ? ProbeResult.Passed(CheckCode.L4OK)
                    : ProbeResult.Failed(CheckCode.L4CON, "Connection refused"));
            }
        }
    }

    /// <summary>Time that stands still until it is set; its timers never fire.</summary>
    private sealed class StoppedTime : TimeProvider
    {
        internal TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + Now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new NoTimer();

        private sealed class NoTimer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
