using System.Net;
using System.Net.Sockets;

namespace L4Lb.K8s.EndpointSelection;

/// <summary>
/// Keeps the addresses of names fresh. The system's resolver tells no lifetimes, so every name is asked again each
/// half minute, give or take; a name that cannot be resolved keeps the addresses that it had. Thread-safe.
/// </summary>
public sealed class FqdnResolver
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(30);

    // Several appliances that were started together should not ask together.
    private const double Jitter = 0.1;
    private const int Concurrency = 16;

    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _lookup;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly Lock _lock = new();
    private IReadOnlyCollection<string> _names = [];
    private TaskCompletionSource _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IReadOnlyDictionary<string, IReadOnlyList<IPAddress>> _answers =
        new Dictionary<string, IReadOnlyList<IPAddress>>(StringComparer.Ordinal);

    /// <summary>Creates a resolver; it asks nothing before <see cref="RunAsync"/>.</summary>
    /// <param name="lookup">Asks for one name; null asks the system.</param>
    /// <param name="time">Clock; null is the system's.</param>
    /// <param name="random">Chance for the jitter; null is the process's.</param>
    public FqdnResolver(
        Func<string, CancellationToken, Task<IPAddress[]>>? lookup = null, TimeProvider? time = null, Random? random = null)
    {
        _lookup = lookup ?? Dns.GetHostAddressesAsync;
        _time = time ?? TimeProvider.System;
        _random = random ?? Random.Shared;
    }

    /// <summary>Raised on the resolver's own task after the answers changed; handlers must not throw.</summary>
    public event Action? Changed;

    /// <summary>The last answers, sorted; a name that never resolved is not there. Replaced as a whole.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<IPAddress>> Answers => _answers;

    /// <summary>Sets the names to keep fresh; those that are new are asked at once.</summary>
    public void Watch(IReadOnlyCollection<string> names)
    {
        lock (_lock)
        {
            var known = _names;
            _names = names;
            if (names.Except(known, StringComparer.Ordinal).Any())
            {
                _wake.TrySetResult();
            }
        }
    }

    /// <summary>Asks for every name now. Returns whether the answers changed; raises <see cref="Changed"/> if so.</summary>
    public async Task<bool> RefreshAsync(CancellationToken cancellation = default)
    {
        IReadOnlyCollection<string> names;
        lock (_lock)
        {
            names = _names;
            _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        var before = _answers;
        var fresh = new Dictionary<string, IReadOnlyList<IPAddress>>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(
            names,
            new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellation },
            async (name, token) =>
            {
                var addresses = await AskAsync(name, token) ?? before.GetValueOrDefault(name);
                if (addresses is not null)
                {
                    lock (fresh)
                    {
                        fresh[name] = addresses;
                    }
                }
            });

        if (fresh.Count == before.Count
            && fresh.All(f => before.TryGetValue(f.Key, out var old) && old.SequenceEqual(f.Value)))
        {
            return false;
        }

        _answers = fresh;
        Changed?.Invoke();
        return true;
    }

    /// <summary>Refreshes until cancelled; ends without an exception then.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                await RefreshAsync(cancellation);
                Task wake;
                lock (_lock)
                {
                    wake = _wake.Task;
                }

                using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                var delay = s_interval * (1 + (Jitter * ((2 * _random.NextDouble()) - 1)));
                await Task.WhenAny(wake, Task.Delay(delay, _time, pause.Token));
                await pause.CancelAsync();
                cancellation.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Asked to end.
        }
    }

    private async Task<IReadOnlyList<IPAddress>?> AskAsync(string name, CancellationToken cancellation)
    {
        try
        {
            // Sorted, because servers rotate their answers and a turn of the round is no change.
            var addresses = await _lookup(name, cancellation);
            return addresses.Length == 0 ? null : [.. addresses.Distinct().OrderBy(static a => a.ToString(), StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            return null;
        }
    }
}
