using System.Collections.Immutable;
using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Pools;

namespace L4Lb.K8s.Tests.Pools;

/// <summary>Pools, a book and Services in few words.</summary>
internal sealed class PoolRig
{
    internal PoolRig(params AddressPool[] pools) => Set = PoolSet.Read(pools, Problems);

    internal List<PoolProblem> Problems { get; } = [];

    internal PoolSet Set { get; set; }

    internal AddressBook Book { get; } = new();

    internal static AddressPool Pool(string name, params string[] addresses) =>
        new() { Metadata = new() { Name = name, Namespace = "" }, Addresses = addresses.ToEquatableArray() };

    internal static AddressRequest Web(string name, int port = 80, string protocol = "TCP") => new(new Service
    {
        Metadata = new() { Name = name },
        Type = "LoadBalancer",
        IPFamilies = ["IPv4"],
        IPFamilyPolicy = "SingleStack",
        ExternalTrafficPolicy = "Cluster",
        Ports = [new() { Port = port, Protocol = protocol }],
    });

    internal static AddressRequest Dual(string name, string policy) =>
        With(Web(name), s => s with { IPFamilies = ["IPv6", "IPv4"], IPFamilyPolicy = policy });

    internal static AddressRequest With(AddressRequest request, Func<Service, Service> change) =>
        request with { Service = change(request.Service) };

    internal static ImmutableSortedDictionary<string, string> Labels(string key, string value) =>
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(key, value);

    /// <summary>What Services get until there is nothing left; no address is there twice.</summary>
    internal HashSet<IPAddress> AssignAll(string family = "IPv4")
    {
        var given = new HashSet<IPAddress>();
        while (Book.Assign(With(Web($"s{given.Count}"), s => s with { IPFamilies = [family] }), Set).Addresses is [var address])
            Assert.True(given.Add(address));

        return given;
    }

    /// <summary>The addresses that a request gets, or why it gets none.</summary>
    internal string Assign(AddressRequest request, params string[] current)
    {
        Book.Reclaim(request, Set, current.Select(IPAddress.Parse));
        var answer = Book.Assign(request, Set);
        Book.Settle(request.Name, answer.Addresses);
        Assert.Equal(answer.Addresses, Book.AddressesOf(request.Name));
        return answer.Problem?.Message ?? string.Join(", ", answer.Addresses);
    }
}
