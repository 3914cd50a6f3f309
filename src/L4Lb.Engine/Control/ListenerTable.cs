using L4Lb.Engine.Desired;
using L4Lb.Engine.Interop;
using L4Lb.Engine.Sessions;
using L4Lb.Engine.Sockets;

namespace L4Lb.Engine.Control;

/// <summary>
/// Every address that is listened on, and every one that should be and is not, with the reason. Opens and closes
/// sockets for the shards; control plane only.
/// </summary>
internal sealed class ListenerTable(IReadOnlyList<ShardWorker> workers, Admission admission, int backlog)
{
    private static readonly UInt128 s_anyIPv4 = AddressKey.FromIPv4(0, 0).Address;

    // address and port → the sockets that listen there.
    private readonly Dictionary<AddressKey, ListenerGroup> _groups = [];

    // service → its listens, each with how it fares.
    private readonly Dictionary<ServiceKey, ListenerStatus[]> _statuses = [];

    // port and family → how many of our groups have it, on whatever address.
    private readonly int[] _groupsOnPort = new int[2 * (ushort.MaxValue + 1)];

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

        var stale = new Dictionary<AddressKey, ListenerGroup>();
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
        Retake(served.Where(target => stale.TryGetValue(target.Address, out var group) && group.Target.Service == target.Service), stale);
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
            if (all[0].Service.Snapshot.Spec.Protocol == TransportProtocol.Tcp
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
        await CloseAsync([.. _groups.Values]);
        _groups.Clear();
        Array.Clear(_groupsOnPort);
        _statuses.Clear();
        _wanting.Clear();
    }

    private static bool IsServed(ListenerTarget target)
    {
        var snapshot = target.Service.Snapshot;
        return snapshot.Spec.Protocol == TransportProtocol.Tcp && !snapshot.PoolFor(target.Listen.Scope).IsEmpty;
    }

    /// <summary>Takes a service's groups out of the table, for whoever wants them next.</summary>
    private void Release(ServiceKey key, Dictionary<AddressKey, ListenerGroup> stale)
    {
        _wanting.Remove(key);
        if (!_statuses.Remove(key, out var statuses))
        {
            return;
        }

        foreach (var status in statuses)
        {
            var address = AddressKey.From(status.Listen.Address);
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

    private ref int GroupsOnPort(in AddressKey address) => ref _groupsOnPort[(2 * address.Port) + (address.IsIPv4 ? 1 : 0)];

    /// <summary>Gives stale groups to those who want their addresses.</summary>
    private void Retake(IEnumerable<ListenerTarget> targets, Dictionary<AddressKey, ListenerGroup> stale)
    {
        foreach (var target in targets)
        {
            if (stale.Remove(target.Address, out var group))
            {
                Enter(group);
                group.Retarget(target);
            }
        }
    }

    private ListenerStatus Open(ListenerTarget target, List<ListenerGroup> opened)
    {
        var service = target.Service;
        ListenerStatus Status(ListenerState state, string? problem = null) => new(service.Key, target.Listen, state, problem);

        if (service.Snapshot.Spec.Protocol != TransportProtocol.Tcp)
        {
            return Status(ListenerState.Failed, ListenProblem.NotServed(service.Snapshot.Spec.Protocol));
        }

        if (_groups.TryGetValue(target.Address, out var group))
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

        var error = TryOpen(target, out group);
        if (group is null)
        {
            return Status(ListenerState.Failed, ListenProblem.Describe(target.Address, error));
        }

        Enter(group);
        opened.Add(group);
        return Status(ListenerState.Listening);
    }

    private Errno TryOpen(ListenerTarget target, out ListenerGroup? group)
    {
        group = null;
        var address = target.Address.ToSocketAddress();

        var error = OverlapsOurs(target) ? Errno.None : SocketSetup.Probe(address);
        var listeners = new Listener[workers.Count];
        for (var i = 0; i < listeners.Length && error == Errno.None; i++)
        {
            var made = SocketSetup.Listen(address, backlog);
            error = made.Error;
            if (made.Succeeded)
            {
                listeners[i] = new Listener(workers[i].Acceptor, made.Value, target);
            }
        }

        if (error == Errno.None)
        {
            group = new ListenerGroup(target.Address, listeners, target);
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
    private bool OverlapsOurs(ListenerTarget target)
    {
        var (any, port) = (target.Address.IsIPv4 ? s_anyIPv4 : UInt128.Zero, target.Address.Port);
        return target.IsWildcard
            ? GroupsOnPort(target.Address) > 0
            : _groups.ContainsKey(new AddressKey(any, port));
    }

    private Task AddAsync(List<ListenerGroup> groups) => groups.Count == 0
        ? Task.CompletedTask
        : Task.WhenAll(workers.Select((worker, i) => worker.Shard.RunAsync(() =>
        {
            foreach (var group in groups)
            {
                _ = worker.Acceptor.Add(group.Listeners[i]);
            }
        })));

    private Task CloseAsync(ListenerGroup[] groups) => groups.Length == 0
        ? Task.CompletedTask
        : Task.WhenAll(workers.Select((worker, i) => worker.Shard.RunAsync(() =>
        {
            foreach (var group in groups)
            {
                worker.Acceptor.Remove(group.Listeners[i]);
            }
        })));
}
