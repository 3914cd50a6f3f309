using System.Net;
using L4Lb.Engine.Interop;
using L4Lb.Host.Announcing;

namespace L4Lb.Host.Tests.Announcing;

/// <summary>A host with a kernel, and the process on it: an <see cref="AddressMachine"/> and an elector.</summary>
internal sealed class SimulatedNode : IAddressPort
{
    private readonly SimulatedSegment _segment;
    private readonly SimulatedElector _elector;
    private readonly List<Action> _inbox = [];
    private AddressMachine _machine;
    private AddressPermission _permission = AddressPermission.No;
    private long _addressUntilMs = -1;
    private long _stalledUntilMs = -1;

    public SimulatedNode(SimulatedSegment segment, int number)
    {
        (_segment, Hardware, Name) = (segment, new HardwareAddress((ulong)number), $"node-{number}");
        _elector = new SimulatedElector(segment, this);
        _machine = NewMachine();
    }

    public string Name { get; }

    public HardwareAddress Hardware { get; }

    public AddressState State => _machine.State;

    public bool IsOn { get; private set; } = true;

    public bool IsRunning { get; private set; } = true;

    /// <summary>Nodes of the same part of the segment hear each other.</summary>
    public int Part { get; set; }

    public bool IsCutFromApi { get; set; }

    public bool ReachesApi => IsOn && IsRunning && !IsCutFromApi && !IsStalled;

    /// <summary>Whether its kernel answers for the address, with or without a process behind it.</summary>
    public bool HasAddress => IsOn && _addressUntilMs > _segment.NowMs;

    private bool IsStalled => _segment.NowMs < _stalledUntilMs;

    public bool Hears(SimulatedNode other) => IsOn && other.IsOn && Part == other.Part;

    public void Allow(AddressPermission permission) => Do(() =>
    {
        _permission = permission;
        _machine.Allow(permission, "", _segment.NowMs);
    });

    /// <summary>Kills the process; the kernel goes on.</summary>
    public void Kill()
    {
        IsRunning = false;
        _inbox.Clear();
        _elector.Forget();
        _machine = NewMachine();
    }

    /// <summary>Starts the process again, which has the same to do.</summary>
    public void Start()
    {
        (IsRunning, IsOn) = (true, true);
        Allow(_permission);
    }

    /// <summary>Pulls the plug.</summary>
    public void PowerOff()
    {
        Kill();
        (IsOn, _addressUntilMs) = (false, -1);
    }

    /// <summary>The process does nothing for a while, and then everything that has gathered.</summary>
    public void Stall(long ms) => _stalledUntilMs = _segment.NowMs + ms;

    public void Tick()
    {
        if (!IsRunning || IsStalled)
        {
            return;
        }

        _elector.Tick();
        if (_inbox.Count > 0)
        {
            Action[] work = [.. _inbox];
            _inbox.Clear();
            Array.ForEach(work, static w => w());
        }

        if (_segment.NowMs >= _machine.NextMs)
        {
            _machine.Tick(_segment.NowMs);
        }
    }

    public void Lease(LeaseState state) => Do(() => _machine.Lease(new LeaseReport(state), _segment.NowMs));

    /// <summary>A frame arrives: the kernel answers at once, the process hears of it when it gets to it.</summary>
    public void Receive(Claim claim, SimulatedNode? sender)
    {
        if (claim.IsProbe && HasAddress && sender is not null)
        {
            _segment.Answer(this, sender);
        }

        if (IsOn)
        {
            Do(() => _machine.Hear(claim, _segment.NowMs));
        }
    }

    void IAddressPort.Want(IPAddress address) => _elector.Want();

    void IAddressPort.Release(IPAddress address) => _elector.Release();

    string? IAddressPort.Put(IPAddress address)
    {
        // The kernel is late by up to this, as measured.
        _addressUntilMs = _segment.NowMs + (1000 * _segment.Timing.LifetimeSeconds) + _segment.Chance.Next(20, 400);
        return null;
    }

    void IAddressPort.Remove(IPAddress address) => _addressUntilMs = -1;

    void IAddressPort.Probe(IPAddress address) => _segment.Send(this, isProbe: true);

    void IAddressPort.Announce(IPAddress address) => _segment.Send(this, isProbe: false);

    void IAddressPort.TellConflict(IPAddress address, Claim claim)
    {
    }

    void IAddressPort.TellState(IPAddress address, AddressState before, AddressState after, string reason)
    {
    }

    private AddressMachine NewMachine() =>
        new(SimulatedSegment.Address, _segment.Timing, isExclusive: true, this, _segment.Chance.NextDouble);

    private void Do(Action work)
    {
        if (IsRunning)
        {
            _inbox.Add(work);
        }
    }
}
