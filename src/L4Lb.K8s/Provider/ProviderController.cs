using L4Lb.K8s.Client;
using L4Lb.K8s.Informers;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Provider;

/// <summary>
/// The provider of load balancer addresses: gives Services of type LoadBalancer addresses of the AddressPools, in the order of
/// the service controller of Kubernetes: cleanup finalizer, address, status, and back in reverse. Only one process of a cluster
/// may run it at a time, so it runs for as long as somebody is the leader, and begins from what the cluster says each time.
/// </summary>
internal sealed class ProviderController
{
    private readonly IKubernetesApi _api;
    private readonly ProviderInformers _informers;
    private readonly ProviderOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<double> _dice;
    private ProviderTerm? _term;

    /// <summary>Creates a controller, which does nothing yet.</summary>
    /// <param name="api">The API server.</param>
    /// <param name="services">Services, those of <see cref="ProviderOptions.Namespace"/> at least.</param>
    /// <param name="namespaces">Namespaces, whose labels pools go by.</param>
    /// <param name="pools">AddressPools.</param>
    /// <param name="options">Which Services to take care of, and how.</param>
    /// <param name="time">The clock.</param>
    /// <param name="dice">Dice between 0 and 1 that spread retries.</param>
    public ProviderController(
        IKubernetesApi api, IInformer<Service> services, IInformer<Namespace> namespaces, IInformer<AddressPool> pools,
        ProviderOptions options, TimeProvider time, Func<double> dice)
    {
        _api = api;
        _informers = new(services, namespaces, pools);
        (_options, _time, _dice) = (options, time, dice);
    }

    /// <summary>Is told what happens, as the events in the cluster are. Any thread; it must not wait.</summary>
    public event Action<EventNote>? Reported;

    /// <summary>How much of each pool is taken, by name; empty for who is not the leader.</summary>
    public IReadOnlyList<PoolUsage> Usage => Volatile.Read(ref _term)?.Usage ?? [];

    /// <summary>Tells a problem of the provider itself: nothing of the cluster is to blame, so nobody but the log hears of it.</summary>
    public void Report(string problem) => Reported?.Invoke(new(
        new EventSubject("", "Provider", "", _options.Instance, ""), true, "NotReady", "Run", problem));

    /// <summary>
    /// Takes care of Services until it is cancelled, which is to be as soon as this process is not the leader any more: nothing
    /// new is begun then, and what is on its way is waited for, for a few seconds. Ends with <see cref="OperationCanceledException"/>, and never
    /// for what the API server does or does not do.
    /// </summary>
    public async Task RunAsync(CancellationToken leadership)
    {
        using var term = new ProviderTerm(_api, _informers, _options, _time, _dice, Report, note => Reported?.Invoke(note));
        Volatile.Write(ref _term, term);
        try
        {
            await term.RunAsync(leadership);
        }
        finally
        {
            Volatile.Write(ref _term, null);
        }
    }
}

/// <summary>What the provider sees of the cluster.</summary>
internal sealed record ProviderInformers(IInformer<Service> Services, IInformer<Namespace> Namespaces, IInformer<AddressPool> Pools)
{
    private static readonly IReadOnlyDictionary<string, string> s_noLabels = new Dictionary<string, string>();

    /// <summary>Labels of a namespace.</summary>
    public IReadOnlyDictionary<string, string> LabelsOf(string @namespace) =>
        Namespaces.Find(new ObjectName("", @namespace))?.Metadata.Labels ?? s_noLabels;

    /// <summary>Ends when all have been complete once.</summary>
    public Task WaitForSyncAsync(CancellationToken cancellation) => Task.WhenAll(
        Services.WaitForSyncAsync(cancellation), Namespaces.WaitForSyncAsync(cancellation), Pools.WaitForSyncAsync(cancellation));
}
