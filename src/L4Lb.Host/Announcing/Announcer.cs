using System.Collections.Frozen;
using System.Net;
using System.Threading.Channels;
using L4Lb.Engine;
using L4Lb.Engine.Desired;
using L4Lb.Host.Addresses;
using L4Lb.Host.Logging;

namespace L4Lb.Host.Announcing;

/// <summary>
/// Has the addresses on the interface, and on the wire, while this instance is the one to have them: one loop that owns an
/// <see cref="AddressMachine"/> for each and locks nothing. All members may be called from any thread.
/// </summary>
internal sealed class Announcer : IAddressHolder
{
    /// <summary>Ticks closer to each other become one.</summary>
    private const long LeastSleepMs = 2;

    /// <summary>
    /// A successor is told by the API server, waits for its turn and probes: what this takes with some to spare. Who has none
    /// by then goes on to drain, and keeps the address while it does.
    /// </summary>
    private static readonly TimeSpan s_handOverWait = TimeSpan.FromMilliseconds(1500);

    // Immutable.
    private readonly Channel<Action> _inbox = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    private readonly AddressPort _port;
    private readonly AnnounceTiming _timing;
    private readonly IAddressLeases _leases;
    private readonly IWire _wire;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _interface;
    private readonly long _startTimestamp;
    private readonly Task _loop;
    private readonly TaskCompletionSource _handedOver = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The loop's.
    private readonly Dictionary<IPAddress, AddressMachine> _machines = [];
    private readonly Dictionary<IPAddress, string?> _holders = [];
    private Dictionary<IPAddress, bool> _servable = [];
    private (bool IsUp, long Changes) _link;
    private bool _nodeMayServe = true;
    private bool _isLeaving;
    private bool _isStopped;

    // Published by the loop, read by any thread.
    private volatile FrozenSet<IPAddress> _watched = [];

    // Any thread (Interlocked).
    private IReadOnlyList<ListenerStatus>? _listeners;

    /// <param name="iface">The interface that has the addresses.</param>
    /// <param name="wire">The segment that it is on. The announcer disposes of it.</param>
    /// <param name="leases">Who may have what.</param>
    /// <param name="timing">How often and how fast.</param>
    /// <param name="time">The time.</param>
    /// <param name="logger">Is told what happens.</param>
    public Announcer(
        IInterfaceAddresses iface, IWire wire, IAddressLeases leases, AnnounceTiming timing, TimeProvider time, ILogger logger)
    {
        (_interface, _wire, _leases, _timing, _time, _logger) = (iface.Interface, wire, leases, timing, time, logger);
        _port = new AddressPort(iface, wire, leases, timing.LifetimeSeconds, logger);
        _port.Conflict += conflict => Conflict?.Invoke(conflict);
        _startTimestamp = time.GetTimestamp();
        _link = wire.Link;
        wire.Changed += OnLinkChanged;
        wire.Heard += OnHeard;
        leases.Changed += OnLeaseChanged;
        _loop = RunAsync();
    }

    /// <summary>Somebody else has an address that is ours. Raised on the loop: who listens returns at once.</summary>
    public event Action<AddressConflict>? Conflict;

    private long NowMs => (long)_time.GetElapsedTime(_startTimestamp).TotalMilliseconds;

    /// <inheritdoc/>
    /// <remarks>Listeners bind what no interface has; the address comes when somebody can be served.</remarks>
    public void Take(DesiredState desired)
    {
    }

    /// <inheritdoc/>
    /// <remarks>What is not wanted has no listeners.</remarks>
    public void KeepOnly(DesiredState desired)
    {
    }

    /// <inheritdoc/>
    public void Follow(IReadOnlyList<ListenerStatus> listeners)
    {
        // Only the last of those that the loop has not seen counts.
        if (Interlocked.Exchange(ref _listeners, listeners) is null)
        {
            Post(() =>
            {
                var last = Interlocked.Exchange(ref _listeners, null)!;
                if (!_isLeaving)
                {
                    _servable = ServableAddresses.Of(last);
                    AllowAll();
                }
            });
        }
    }

    /// <summary>Whether load may come in through this node; if not, it hands over what it has.</summary>
    public void AllowNode(bool mayServe) => Post(() =>
    {
        _nodeMayServe = mayServe;
        AllowAll();
    });

    /// <inheritdoc/>
    /// <remarks>None any more once it is disposed.</remarks>
    public async Task<IReadOnlyList<AddressStatus>> ListAsync()
    {
        var answer = new TaskCompletionSource<IReadOnlyList<AddressStatus>>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() => answer.SetResult(List()));
        await Task.WhenAny(answer.Task, _loop);
        return answer.Task.IsCompleted ? await answer.Task : [];
    }

    /// <inheritdoc/>
    public async Task HandOverAsync()
    {
        Post(() =>
        {
            _isLeaving = true;
            AllowAll();
        });
        if (_leases.IsExclusive && _timing.HandOverMs > 0)
        {
            await Task.WhenAny(_handedOver.Task, Task.Delay(s_handOverWait, _time));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Post(() =>
        {
            (_isStopped, _isLeaving) = (true, true);
            AllowAll();
        });
        await _loop;
        _wire.Changed -= OnLinkChanged;
        _wire.Heard -= OnHeard;
        _leases.Changed -= OnLeaseChanged;
        await _wire.DisposeAsync();
    }

    private void Post(Action work) => _inbox.Writer.TryWrite(work);

    private void OnLinkChanged() => Post(() =>
    {
        var before = _link;
        _link = _wire.Link;
        AllowAll();
        if (before.IsUp && _link.IsUp)
        {
            ForAll(static (machine, nowMs) => machine.LinkReturned(nowMs));
        }
    });

    private void OnHeard(Claim claim)
    {
        if (_watched.Contains(claim.Address))
        {
            Post(() =>
            {
                if (_machines.TryGetValue(claim.Address, out var machine))
                {
                    machine.Hear(claim, NowMs);
                }
            });
        }
    }

    private void OnLeaseChanged(IPAddress address, LeaseReport report) => Post(() =>
    {
        if (_machines.TryGetValue(address, out var machine))
        {
            _holders[address] = report.Holder;
            machine.Lease(report, NowMs);
        }
    });

    private void AllowAll()
    {
        foreach (var address in _servable.Keys)
        {
            if (!_machines.ContainsKey(address))
            {
                _machines.Add(address, new AddressMachine(address, _timing, _leases.IsExclusive, _port, Random.Shared.NextDouble));
                _wire.Watch(address);
            }
        }

        ForAll((machine, nowMs) =>
        {
            var (permission, reason) = PermissionOf(machine.Address);
            machine.Allow(permission, reason, nowMs);
        });
        foreach (var address in _machines.Keys.Except(_servable.Keys).ToArray())
        {
            _machines.Remove(address);
            _holders.Remove(address);
            _wire.Unwatch(address);
        }

        _watched = _machines.Keys.ToFrozenSet();
    }

    private (AddressPermission Permission, string Reason) PermissionOf(IPAddress address) =>
        _isStopped ? (AddressPermission.No, "this instance stopped")
        : !_servable.TryGetValue(address, out var isServable) ? (AddressPermission.No, "no service has it any more")
        : !_link.IsUp ? (AddressPermission.No, $"{_interface} is down")
        : !isServable ? (AddressPermission.No, "no backend can serve here")
        : _isLeaving ? (AddressPermission.HandOver, "this instance stops")
        : !_nodeMayServe ? (AddressPermission.HandOver, "the node is to take no load from outside")
        : (AddressPermission.Yes, "");

    private void ForAll(Action<AddressMachine, long> action)
    {
        var nowMs = NowMs;
        foreach (var machine in _machines.Values)
        {
            action(machine, nowMs);
        }
    }

    private async Task RunAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await using var alarm = _time.CreateTimer(
            static state => ((Announcer)state!).Post(static () => { }), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        while (!_isStopped)
        {
            await _inbox.Reader.WaitToReadAsync();
            while (_inbox.Reader.TryRead(out var work))
            {
                Do(work);
            }

            Do(Tick);
            var nextMs = _machines.Count == 0 ? long.MaxValue : _machines.Values.Min(static m => m.NextMs);
            var sleep = nextMs == long.MaxValue
                ? Timeout.InfiniteTimeSpan
                : TimeSpan.FromMilliseconds(Math.Clamp(nextMs - NowMs, LeastSleepMs, int.MaxValue));
            alarm.Change(sleep, Timeout.InfiniteTimeSpan);
        }
    }

    private void Do(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e)
        {
            // One address' trouble must not leave all others to the kernel, which takes them away.
            HostLog.AnnouncerFailed(_logger, e);
        }
    }

    private void Tick()
    {
        ForAll(static (machine, nowMs) =>
        {
            if (nowMs >= machine.NextMs)
            {
                machine.Tick(nowMs);
            }
        });
        if (_isLeaving && !_machines.Values.Any(static m => m.IsHeld))
        {
            _handedOver.TrySetResult();
        }
    }

    private IReadOnlyList<AddressStatus> List()
    {
        var now = (Utc: _time.GetUtcNow().UtcDateTime, Ms: NowMs);
        return
        [
            .. _machines.Values
                .OrderBy(static m => AddressKey.From(m.Address, 0).Address)
                .Select(m => new AddressStatus(
                    m.Address, m.State, _holders.GetValueOrDefault(m.Address), now.Utc.AddMilliseconds(m.SinceMs - now.Ms), m.Reason)),
        ];
    }
}
