using L4Lb.K8s.Client;
using L4Lb.K8s.Informers;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Provider;

/// <summary>
/// How a term begins. What the informers show may be older than the last writes of the leader before: whoever gave out addresses
/// by that would give the same ones again, or take a pool that they have not heard of for one that is gone. So the server is
/// asked itself: for the Services, and whether the informers have caught up with the pools and namespaces that it has.
/// </summary>
internal sealed class FreshStart(IKubernetesApi api, ProviderInformers informers, string? @namespace, TimeProvider time)
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
            catch (ApiException)
            {
                await Task.Delay(s_retry, time, cancellation);
            }
        }
    }

    // Versions can only be compared for equality, so an informer that is ahead of the answer is asked about once more.
    private async Task<bool> HasCaughtUpAsync<T>(Resource<T> resource, IInformer<T> informer, CancellationToken cancellation)
        where T : KubeObject
    {
        var list = (await api.ListAsync(resource, ApiScope.All, cancellation)).Items;
        return list.Count == informer.Items.Count
            && list.All(item => informer.Find(item.Metadata.ObjectName)?.Metadata.ResourceVersion == item.Metadata.ResourceVersion);
    }
}
