using System.Globalization;
using System.Text.Json.Nodes;
using L4Lb.K8s.Client;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Pools;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Provider;

/// <summary>Whatever people do and whatever fails, in the end everything is as it should be, and never was anything as it must not.</summary>
public sealed class ChaosTests
{
    private const int Steps = 120;

    /// <summary>A few seeds, or those of <c>L4LB_CHAOS_SEEDS</c>, as <c>1-500</c>: for whoever looks for what is rare.</summary>
    public static TheoryData<int> Seeds
    {
        get
        {
            var range = (Environment.GetEnvironmentVariable("L4LB_CHAOS_SEEDS") ?? "1-8").Split('-');
            var first = int.Parse(range[0], CultureInfo.InvariantCulture);
            return [.. Enumerable.Range(first, int.Parse(range[^1], CultureInfo.InvariantCulture) - first + 1)];
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task In_the_end_it_all_comes_right(int seed)
    {
        var random = new Random(seed);
        var dice = new Random(seed + 100);
        await using var rig = new ProviderRig();
        rig.Spoil = (call, answer, cancellation) => call.IsEvent ? Task.FromResult(answer()) : SpoilAsync(dice, rig, call, answer, cancellation);
        rig.Pool("a", "192.0.2.1-192.0.2.6").Start();
        StoreInformer<Service>? behind = null;
        for (var step = 0; step < Steps; step++)
        {
            Act(random, rig);
            if (random.Next(10) == 0)
            {
                await rig.StopAsync();
                rig.Start();
            }

            // What the provider sees of Services falls behind, and catches up.
            if (random.Next(6) == 0)
            {
                behind?.Resume();
                behind = behind is null ? rig.Services : null;
                await (behind?.PauseAsync() ?? Task.CompletedTask);
            }

            await Task.Delay(random.Next(3), TestContext.Current.CancellationToken);
        }

        behind?.Resume();
        rig.Spoil = static (_, answer, _) => Task.FromResult(answer());
        await Eventually.HoldsAsync(() => Problem(rig) is null, () => $"{seed}: {Problem(rig)}");
    }

    private static async Task<JsonObject> SpoilAsync(
        Random dice, ProviderRig rig, ApiCall call, Func<JsonObject> answer, CancellationToken cancellation)
    {
        int number, pause;
        lock (dice)
        {
            (number, pause) = (dice.Next(14), dice.Next(8));
        }

        switch (number)
        {
            case 0:
                throw new ApiException(new(0, ApiStatus.Unreachable, "no answer"), call.ToString());
            case 1:
                answer();
                throw new ApiException(new(0, ApiStatus.Unreachable, "the answer was lost"), call.ToString());
            case 2 when call.Kind == Kind.Service && call.IsWrite && rig.Get(call.Name.Name) is not null:
                rig.Annotate(call.Name.Name, "example.com/touched", $"{Guid.NewGuid()}");
                return answer();
            case 3:
                throw ApiError.ServiceUnavailable();
            case 4:
                await Task.Delay(pause, cancellation);
                return answer();
            case 5:
                var answered = answer();
                await Task.Delay(pause, cancellation);
                return answered;
            default:
                return answer();
        }
    }

    private static void Act(Random random, ProviderRig rig)
    {
        var name = $"s{random.Next(8)}";
        var exists = rig.Get(name) is { } service && service.Meta("deletionTimestamp") is null;
        switch (random.Next(12))
        {
            case 0 when exists:
                rig.Delete(name);
                break;
            case 1 when exists:
                rig.Patch(name, """{"spec": {"type": "ClusterIP"}}""");
                break;
            case 2 or 3 when exists:
                rig.Patch(name, """{"spec": {"type": "LoadBalancer"}}""");
                break;
            case 4 when exists:
                rig.Annotate(name, "l4lb.io/load-balancer-ips", random.Next(2) == 0 ? null : $"192.0.2.{random.Next(1, 8)}");
                break;
            case 5 when exists:
                rig.Annotate(name, "l4lb.io/address-pool", random.Next(2) == 0 ? null : "b");
                break;
            case 6:
                rig.Pool("a", $"192.0.2.{random.Next(1, 4)}-192.0.2.{random.Next(4, 8)}");
                break;
            case 7:
                rig.PoolWith("b", $"\"autoAssign\": {(random.Next(2) == 0 ? "true" : "false")}", $"198.51.100.1-198.51.100.{random.Next(1, 4)}");
                break;
            case 8 when rig.Get(Kind.AddressPool, "b") is not null:
                rig.Delete(Kind.AddressPool, "b");
                break;
            default:
                if (rig.Get(name) is null)
                {
                    rig.Service(name);
                }

                break;
        }
    }

    /// <summary>What is not as it should be, once all is quiet.</summary>
    private static string? Problem(ProviderRig rig)
    {
        var objects = rig.Store.At(null).Objects;
        Service[] services = [.. objects.Where(static o => o.Key.Kind == Kind.Service).Select(static o => StoreApi.Read(Resources.Services, o.Value))];
        AddressPool[] pools = [.. objects.Where(static o => o.Key.Kind == Kind.AddressPool).Select(static o => StoreApi.Read(Resources.AddressPools, o.Value))];
        var (set, book) = (PoolSet.Read(pools, new List<PoolProblem>()), new AddressBook());
        foreach (var service in services)
        {
            book.Reclaim(Request(service), set, service.Ingress.Select(static i => System.Net.IPAddress.Parse(i.IP)));
        }

        foreach (var service in services)
        {
            var name = service.Metadata.Name;
            if (service.Metadata.DeletionTimestamp is not null)
            {
                return $"{name} is still there";
            }

            if (service.Type != "LoadBalancer")
            {
                if (!ProviderRig.IsClean(rig.Get(name)!))
                {
                    return $"{name} is not clean: {rig.Get(name)}";
                }

                continue;
            }

            // Decided anew, everybody has what they have, and those who wait still wait, for the same reason.
            var answer = book.Assign(Request(service), set);
            var condition = service.Conditions.FirstOrDefault(static c => c.Type == "l4lb.io/AddressAssigned");
            var expected = answer.Problem?.Reason.ToString() ?? "Assigned";
            if (!answer.Addresses.Select(static a => a.ToString()).SequenceEqual(service.Ingress.Select(static i => i.IP)) || condition?.Reason != expected)
            {
                return $"{name} is to have {string.Join(',', answer.Addresses)}, {expected}: {rig.Get(name)}";
            }
        }

        foreach (var pool in set.Pools)
        {
            var held = services.Count(s => s.Ingress.Any(i => pool.Has(AddressRange.NumberOf(System.Net.IPAddress.Parse(i.IP)))));
            if (pool.Source.Status?.AssignedIPv4 != held || (UInt128)(held + pool.Source.Status.AvailableIPv4) != pool.Count(isIPv4: true))
            {
                return $"{held} of {pool.Name}: {rig.Get(Kind.AddressPool, pool.Name)}";
            }
        }

        return null;
    }

    private static AddressRequest Request(Service service) => AddressRequestReader.Read(
        service, new Dictionary<string, string>(StringComparer.Ordinal)).Request;
}
