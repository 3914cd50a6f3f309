using System.Net;
using L4Lb.K8s.Client;
using L4Lb.K8s.Informers;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Leases;

/// <summary>
/// A Lease for each address that is wanted, so that one node has it. All members may be called from any thread, and return at once.
/// </summary>
public sealed class AddressLeases : IAsyncDisposable
{
    /// <summary>Label of all of them, by which they are followed.</summary>
    public const string Label = "l4lb.io/address-lease";

    private readonly IKubernetesApi _api;
    private readonly AddressLeaseOptions _options;
    private readonly Informer<Lease>? _watch;
    private readonly TimeProvider _time;
    private readonly Func<double> _dice;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _watching;
    private readonly Lock _lock = new();

    // Under the lock.
    private readonly Dictionary<IPAddress, Candidacy> _wanted = [];
    private readonly Dictionary<IPAddress, (Candidacy Last, Task Task)> _running = [];

    internal AddressLeases(
        IKubernetesApi api, AddressLeaseOptions options, Informer<Lease>? watch, TimeProvider time, Func<double> dice)
    {
        _api = api;
        _options = options;
        _watch = watch;
        _time = time;
        _dice = dice;
        _watching = watch?.RunAsync(_end.Token) ?? Task.CompletedTask;
    }

    /// <summary>A lease that is wanted came, went, or cannot be confirmed. Raised on any thread, in order for each address.</summary>
    public event Action<IPAddress, AddressLeaseStatus>? Changed;

    /// <summary>Tries to get and to keep the lease of <paramref name="address"/> from now on.</summary>
    public void Want(IPAddress address)
    {
        lock (_lock)
        {
            if (_end.IsCancellationRequested || _wanted.ContainsKey(address))
            {
                return;
            }

            var candidacy = new Candidacy(CancellationTokenSource.CreateLinkedTokenSource(_end.Token));
            _wanted.Add(address, candidacy);
            var before = _running.TryGetValue(address, out var running) ? running.Task : Task.CompletedTask;
            _running[address] = (candidacy, CompeteAsync(address, candidacy, before));
        }
    }

    /// <summary>Gives the lease back, so that somebody else may have it at once, and does not want it any more.</summary>
    public void Release(IPAddress address)
    {
        Candidacy? candidacy;
        lock (_lock)
        {
            _wanted.Remove(address, out candidacy);
        }

        candidacy?.Stop.Cancel();
    }

    /// <summary>Gives all leases back; ends when that is done, or was tried.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] running;
        if (_end.IsCancellationRequested)
        {
            return;
        }

        await _end.CancelAsync();
        lock (_lock)
        {
            _wanted.Clear();
            running = [.. _running.Values.Select(static r => r.Task)];
        }

        await Task.WhenAll(running);
        await _watching;
    }

    /// <param name="address">The address.</param>
    /// <param name="candidacy">Until when.</param>
    /// <param name="before">What was done with the same lease, which may still have to be given back.</param>
    private async Task CompeteAsync(IPAddress address, Candidacy candidacy, Task before)
    {
        await before;
        await Task.Yield(); // Whoever wants it holds the lock.
        using var stop = candidacy.Stop;
        using var elector = new LeaseElector(_api, OptionsOf(address), _time, _dice);
        elector.Changed += status => Tell(address, candidacy, status);
        try
        {
            await elector.RunAsync(static stop => Task.Delay(Timeout.InfiniteTimeSpan, stop), stop.Token);
        }
        finally
        {
            lock (_lock)
            {
                // Unless somebody came after us, nothing is left to wait for.
                if (_running.TryGetValue(address, out var running) && running.Last == candidacy)
                {
                    _running.Remove(address);
                }
            }
        }
    }

    private void Tell(IPAddress address, Candidacy candidacy, LeaseStatus status)
    {
        lock (_lock)
        {
            if (_wanted.GetValueOrDefault(address) != candidacy)
            {
                return; // It is being given back.
            }
        }

        var state = status.Standing switch
        {
            LeaseStanding.Held => AddressLeaseState.Held,
            LeaseStanding.Unconfirmed => AddressLeaseState.Unconfirmed,
            _ => AddressLeaseState.None,
        };
        Changed?.Invoke(address, new(state, status.Holder.Length > 0 ? status.Holder : null, status.Problem));
    }

    private LeaseOptions OptionsOf(IPAddress address) => new()
    {
        Name = new(_options.Namespace, _options.NameOf(address)),
        Identity = _options.Identity,
        Terms = LeaseTerms.Of(_options.Duration),
        Labels = new ObjectMeta().Labels.Add(Label, "true"),
        Delay = () => _options.Delay(address),
        LeadsUnconfirmed = true,
        Watch = _watch,
    };

    private sealed record Candidacy(CancellationTokenSource Stop);
}
