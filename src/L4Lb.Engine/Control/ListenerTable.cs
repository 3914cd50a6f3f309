using L4Lb.Engine.Desired;
using L4Lb.Engine.Interop;
using L4Lb.Engine.Runtime;
using L4Lb.Engine.Sessions;
using L4Lb.Engine.Sockets;

namespace L4Lb.Engine.Control;

/// <summary>
/// Every address that is listened on, and every one that should be and is not, with the reason. Opens and closes
/// sockets for the shards; control plane only.
/// </summary>
internal sealed class ListenerTable(IReadOnlyList<ShardWorker> workers, Admission admission, LoadBalancerOptions options)
{
    // What a UDP socket holds while its shard is busy: some milliseconds at a million datagrams a second.
    private const int UdpReceiveBytes = 4 * 1024 * 1024;

    private static readonly UInt128 s_anyIPv4 = AddressKey.FromIPv4(0, 0).Address;

    // protocol, address and port → the sockets that listen there.
    private readonly Dictionary<ListenAddress, ListenerGroup> _groups = [];

    // service → its listens, each with how it fares.
    private readonly Dictionary<ServiceKey, ListenerStatus[]> _statuses = [];

    // port, family and protocol → how many of our groups have it, on whatever address.
    private readonly int[] _groupsOnPort = new int[4 * (ushort.MaxValue + 1)];

    // services with a listen that could be bound next time: what held it may have gone.
    private readonly Dictionary<ServiceKey, ListenerTarget[]> _wanting = [];

    /// <summary>How every listen fares.</summary>
    internal IEnumerable<ListenerStatus> Statuses => _statuses.Values.SelectMany(s => s);

    /// <summary>
    /// Brings the listeners in line with the changed services, and tries again what failed before. Completes when every
    /// shard has done its part.
    /// </summary>
    /// <param name="removed">Services that are gone.</param>
    /// <param name="changed">Services with what each of their listens stands for.</param>
    internal async Task UpdateAsync(IEnumerable<ServiceKey> removed, IReadOnlyDictionary<ServiceKey, ListenerTarget[]> changed)
    {
        var wanted = new Dictionary<ServiceKey, ListenerTarget[]>(_wanting);
        foreach (var (key, targets) in changed)
        {
            wanted[key] = targets;
        }

        var stale = new Dictionary<ListenAddress, ListenerGroup>();
        foreach (var key in removed)
        {
            Release(key, stale);
            wanted.Remove(key);
        }

        foreach (var key in wanted.Keys)
        {
            Release(key, stale);
        }

        // An address that one service gives up and another takes keeps its sockets, and with them its waiting clients.
        // Whoever has it comes first: those who only wait for it get what is given up.
        var served = wanted.Values.SelectMany(all => all).Where(IsServed).ToArray();
        Retake(
            served.Where(target => stale.TryGetValue(ListenAddress.Of(target), out var group) && group.Target.Service == target.Service),
            stale);
        Retake(served, stale);
        await CloseAsync([.. stale.Values]);
        var opened = new List<ListenerGroup>();
        foreach (var (key, all) in wanted)
        {
            if (all.Length == 0)
            {
                continue;
            }

            _statuses[key] = [.. all.Select(target => Open(target, opened))];
            if (IsForwarded(all[0].Service)
                && _statuses[key].Any(status => status.State == ListenerState.Failed))
            {
                _wanting[key] = all;
            }
        }

        admission.UpdateListeners(_groups.Count * workers.Count);
        await AddAsync(opened);
    }

    /// <summary>Closes everything.</summary>
    internal async Task CloseAllAsync()
    {
        await CloseAsync([.. _groups.Values], finish: true);
        _groups.Clear();
        Array.Clear(_groupsOnPort);
        _statuses.Clear();
        _wanting.Clear();
    }

    private static bool IsForwarded(Service service) =>
        service.Snapshot.Spec.Protocol is TransportProtocol.Tcp or TransportProtocol.Udp;

    private static bool IsServed(ListenerTarget target) =>
        IsForwarded(target.Service) && !target.Service.Snapshot.PoolFor(target.Listen.Scope).IsEmpty;

    /// <summary>Takes a service's groups out of the table, for whoever wants them next.</summary>
    private void Release(ServiceKey key, Dictionary<ListenAddress, ListenerGroup> stale)
    {
        _wanting.Remove(key);
        if (!_statuses.Remove(key, out var statuses))
        {
            return;
        }

        foreach (var status in statuses)
        {
            var address = new ListenAddress(status.Protocol, AddressKey.From(status.Listen.Address));
            if (_groups.TryGetValue(address, out var group) && group.Target.Service.Key == key)
            {
                _groups.Remove(address);
                GroupsOnPort(address)--;
                stale.Add(address, group);
            }
        }
    }

    private void Enter(ListenerGroup group)
    {
        _groups.Add(group.Address, group);
        GroupsOnPort(group.Address)++;
    }

    private ref int GroupsOnPort(in ListenAddress at) =>
        ref _groupsOnPort[(4 * at.Address.Port) + (at.Address.IsIPv4 ? 1 : 0) + (at.Protocol == TransportProtocol.Udp ? 2 : 0)];

    /// <summary>Gives stale groups to those who want their addresses.</summary>
    private void Retake(IEnumerable<ListenerTarget> targets, Dictionary<ListenAddress, ListenerGroup> stale)
    {
        foreach (var target in targets)
        {
            if (stale.Remove(ListenAddress.Of(target), out var group))
            {
                Enter(group);
                group.Retarget(target);
            }
        }
    }

    private ListenerStatus Open(ListenerTarget target, List<ListenerGroup> opened)
    {
        var service = target.Service;
        var address = ListenAddress.Of(target);
        ListenerStatus Status(ListenerState state, string? problem = null) =>
            new(service.Key, target.Listen, state, problem) { Protocol = address.Protocol };

        if (!IsForwarded(service))
        {
            return Status(ListenerState.Failed, ListenProblem.NotServed(address.Protocol));
        }

        if (_groups.TryGetValue(address, out var group))
        {
            return ReferenceEquals(group.Target, target)
                ? Status(ListenerState.Listening)
                : Status(ListenerState.Failed, ListenProblem.TakenBy(group.Target.Service.Key));
        }

        if (!IsServed(target))
        {
            return Status(ListenerState.NoBackend);
        }

        if ((_groups.Count + 1) * workers.Count > admission.ListenersMost)
        {
            return Status(ListenerState.Failed, ListenProblem.OverLimit(admission.ListenersMost));
        }

        var error = TryOpen(target, address, out group);
        if (group is null)
        {
            return Status(ListenerState.Failed, ListenProblem.Describe(address, error));
        }

        Enter(group);
        opened.Add(group);
        return Status(ListenerState.Listening);
    }

    private Errno TryOpen(ListenerTarget target, ListenAddress at, out ListenerGroup? group)
    {
        group = null;
        var address = at.Address.ToSocketAddress();
        var isUdp = at.Protocol == TransportProtocol.Udp;
        var error = OverlapsOurs(at, target.IsWildcard) ? Errno.None : SocketSetup.Probe(address, isUdp);
        var listeners = new ServiceListener[workers.Count];
        for (var i = 0; i < listeners.Length && error == Errno.None; i++)
        {
            var made = isUdp
                ? SocketSetup.ListenUdp(address, target.IsWildcard, UdpReceiveBytes, options.UdpOffload)
                : SocketSetup.Listen(address, options.Backlog);
            error = made.Error;
            if (made.Succeeded)
            {
                listeners[i] = workers[i].Listen(made.Value, target, isUdp);
            }
        }

        if (error == Errno.None)
        {
            group = new ListenerGroup(at, listeners, target);
            return Errno.None;
        }

        foreach (var listener in listeners.Where(listener => listener is not null))
        {
            SocketIo.Close(listener.Fd);
        }

        return error;
    }

    /// <summary>
    /// Whether we listen on an address that includes this one or is included in it: a wildcard of the same family and
    /// port. Our own sockets would make the probe fail then, so a stranger's cannot be told.
    /// </summary>
    private bool OverlapsOurs(ListenAddress at, bool isWildcard)
    {
        var any = new AddressKey(at.Address.IsIPv4 ? s_anyIPv4 : UInt128.Zero, at.Address.Port);
        return isWildcard ? GroupsOnPort(at) > 0 : _groups.ContainsKey(at with { Address = any });
    }

    private Task AddAsync(List<ListenerGroup> groups) => groups.Count == 0
        ? Task.CompletedTask
        : Task.WhenAll(workers.Select((worker, i) => worker.Shard.RunAsync(() =>
        {
            foreach (var group in groups)
            {
                worker.Add(group.Listeners[i]);
            }
        })));

    /// <param name="groups">Those to close.</param>
    /// <param name="finish">Let UDP clients have the answers that they await, since nobody else is to have the address.</param>
    private Task CloseAsync(ListenerGroup[] groups, bool finish = false) => groups.Length == 0
        ? Task.CompletedTask
        : Task.WhenAll(workers.Select((worker, i) => worker.Shard.RunAsync(() =>
        {
            foreach (var group in groups)
            {
                worker.Remove(group.Listeners[i], finish);
            }
        })));
}
