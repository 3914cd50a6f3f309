using L4Lb.K8s.Client;
using L4Lb.K8s.Informers;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Provider;

/// <summary>
/// How a term begins. What the informers show may be older than the last writes of the leader before: whoever gave out addresses
/// by that would give the same ones again, or take a pool that they have not heard of for one that is gone. So the server is
/// asked itself: for the Services, and whether the informers have caught up with the pools and namespaces that it has.
/// </summary>
/// <param name="api">The API server.</param>
/// <param name="informers">What is to have caught up.</param>
/// <param name="namespace">Only Services of this namespace; null for all.</param>
/// <param name="problem">Is told why it cannot begin.</param>
/// <param name="time">The clock of retries.</param>
internal sealed class FreshStart(
    IKubernetesApi api, ProviderInformers informers, string? @namespace, Action<string> problem, TimeProvider time)
{
    private static readonly TimeSpan s_catchUp = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(2);

    /// <summary>The Services of this moment. Waits for as long as it takes.</summary>
    public async Task<IReadOnlyList<Service>> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                if (await HasCaughtUpAsync(Resources.AddressPools, informers.Pools, cancellation)
                    && await HasCaughtUpAsync(Resources.Namespaces, informers.Namespaces, cancellation))
                {
                    return (await api.ListAsync(Resources.Services, new ApiScope(@namespace), cancellation)).Items;
                }

                await Task.Delay(s_catchUp, time, cancellation);
            }
            catch (ApiException e)
            {
                problem(e.Message);
                await Task.Delay(s_retry, time, cancellation);
            }
        }
    }

    private async Task<bool> HasCaughtUpAsync<T>(Resource<T> resource, IInformer<T> informer, CancellationToken cancellation)
        where T : KubeObject
    {
        ApiList<T> list;
        try
        {
            list = await api.ListAsync(resource, ApiScope.All, cancellation);
        }
        catch (ApiException e) when (e.Status.IsNotFound)
        {
            // The kind is not defined: then there is nothing of it, and Services are told so.
            return informer.Items.Count == 0;
        }

        var listed = list.Items.ToDictionary(static item => item.Metadata.ObjectName, static item => item.Metadata.ResourceVersion);
        return listed.All(item => VersionOf(informer.Find(item.Key)) is { } version && !ResourceVersions.IsOlder(version, item.Value))
            && informer.Items.All(item =>
                listed.ContainsKey(item.Metadata.ObjectName)
                || ResourceVersions.IsOlder(list.ResourceVersion, item.Metadata.ResourceVersion));
    }

    private static string? VersionOf(KubeObject? item) => item?.Metadata.ResourceVersion;
}
