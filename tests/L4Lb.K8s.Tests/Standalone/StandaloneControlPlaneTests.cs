using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Standalone;

namespace L4Lb.K8s.Tests.Standalone;

public sealed class StandaloneControlPlaneTests : IDisposable
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"l4lb-{Guid.NewGuid():N}");
    private readonly StandaloneControlPlane _plane = new(new() { Seed = 1 });

    [Fact]
    public void What_did_not_change_is_the_same_instance()
    {
        KubeObject[] objects = [Make.Service("a"), Make.Slice("a", "10.0.0.1"), Make.Service("b"), Make.Slice("b", "10.0.0.2")];
        var first = _plane.MakePlan(objects);
        var same = _plane.MakePlan([.. objects]);
        var equal = _plane.MakePlan([Make.Service("a"), Make.Slice("a", "10.0.0.1"), Make.Service("b"), Make.Slice("b", "10.0.0.2")]);
        var changed = _plane.MakePlan([Make.Service("a"), Make.Slice("a", "10.0.0.9"), objects[2], objects[3]]);

        Assert.Equal([1L, 2, 3, 4], new[] { first, same, equal, changed }.Select(static p => p.Desired.Revision));
        for (var i = 0; i < 2; i++)
        {
            Assert.Same(first.Desired.Services[i], same.Desired.Services[i]);
            Assert.Same(first.Desired.Services[i], equal.Desired.Services[i]);
        }

        Assert.NotSame(first.Desired.Services[0], changed.Desired.Services[0]);
        Assert.Same(first.Desired.Services[1], changed.Desired.Services[1]);
        Assert.Equal("10.0.0.9:8080", changed.Desired.Services[0].Backends[0].Address.ToString());
    }

    [Fact]
    public void Warnings_are_said_again_for_what_did_not_change()
    {
        KubeObject[] objects = [Make.Service("a", "LoadBalancer"), Make.Service("b"), Make.Slice("c", "10.0.0.1")];
        var first = _plane.MakePlan(objects);
        var second = _plane.MakePlan([.. objects, Make.Slice("b", "10.0.0.1")]);

        Assert.Equal(4, first.Diagnostics.Count);
        Assert.Equal(first.Diagnostics.Take(3), second.Diagnostics);
    }

    [Fact]
    public void Lines_are_those_of_the_last_reading()
    {
        Service At(int line) => Make.Service("a") with { Source = new SourceMap("a.yaml", line, new Dictionary<string, int>(StringComparer.Ordinal)) };
        _plane.MakePlan([At(1)]);
        Assert.Equal(5, Assert.Single(_plane.MakePlan([At(5)]).Diagnostics).Line);
    }

    [Fact]
    public void After_an_error_nothing_is_remembered_and_the_last_state_stands()
    {
        var good = _plane.MakePlan([Make.Service("a", "NodePort")]);
        var bad = _plane.MakePlan([Make.Service("a"), Make.Service("b").ClusterIP("192.0.2.1"), Make.Service("c").Annotated("l4lb.io/weights", "?")]);

        Assert.True(bad.HasErrors);
        Assert.Equal(2, bad.Diagnostics.Count(static d => d.Severity == Severity.Error));
        Assert.Same(good.Desired, bad.Desired);

        var again = _plane.MakePlan([Make.Service("a", "NodePort")]);
        Assert.Equal(2, again.Desired.Revision);
        Assert.Equal(good.Services, again.Services);
        Assert.Equal(good.Desired.Services, again.Desired.Services);
    }

    [Fact]
    public void Everybody_has_the_same_after_a_restart()
    {
        KubeObject[] objects = [Make.Service("a", "NodePort"), Make.Service("b", "LoadBalancer") with { ExternalTrafficPolicy = "Local" }];
        var first = new StandaloneControlPlane(new() { StateDirectory = _directory, Seed = 1 }).MakePlan(objects);
        var second = new StandaloneControlPlane(new() { StateDirectory = _directory, Seed = 2 }).MakePlan([Make.Service("0"), .. objects]);

        Assert.False(second.HasErrors);
        Assert.Equal(first.Services, second.Services.Skip(1));
    }

    [Fact]
    public void A_corrupt_file_is_said_once_and_a_folder_that_cannot_be_written_refuses_the_plan()
    {
        Directory.CreateDirectory(_directory);
        File.WriteAllText(Path.Combine(_directory, "allocations.json"), "{");
        var plane = new StandaloneControlPlane(new() { StateDirectory = _directory });
        KubeObject[] objects = [Make.Service("a"), Make.Slice("a", "10.0.0.1")];

        Assert.Contains("set aside", Assert.Single(plane.MakePlan(objects).Diagnostics).Message, StringComparison.Ordinal);
        Assert.Empty(plane.MakePlan(objects).Diagnostics);

        var blocked = new StandaloneControlPlane(new() { StateDirectory = Path.Combine(_directory, "allocations.json", "below") }).MakePlan(objects);
        Assert.True(blocked.HasErrors);
        Assert.Equal(0, blocked.Desired.Revision);
    }

    [Fact]
    public void Pods_and_nodes_are_followed()
    {
        var service = Make.Service("web").Selecting("app", "web") with { TrafficDistribution = "PreferSameZone" };
        var near = Make.Pod("near", "10.0.0.1") with { NodeName = "n1" };
        var far = Make.Pod("far", "10.0.0.2") with { NodeName = "n2" };
        Node Node(string name, string zone) => new Node { Metadata = new() { Name = name, Namespace = "" } }.Labelled(Objects.Node.ZoneLabel, zone);
        var plane = new StandaloneControlPlane(new() { NodeName = "n1" });

        Assert.Equal("10.0.0.1:8080", Eligible(plane.MakePlan([service, near, Make.Pod("x", "10.0.0.9", value: "other")])));
        Assert.Equal("10.0.0.2:8080 10.0.0.1:8080", Eligible(plane.MakePlan([service, near, far])));
        Assert.Equal("10.0.0.1:8080", Eligible(plane.MakePlan([service, near, far, Node("n1", "a"), Node("n2", "b")])));
        Assert.Equal("10.0.0.2:8080 10.0.0.1:8080", Eligible(plane.MakePlan([service, near, far, Node("n1", "a"), Node("n2", "a")])));
        Assert.Equal("10.0.0.2:8080", Eligible(plane.MakePlan([service, far])));
        Assert.Equal("10.0.0.7:8080", Eligible(plane.MakePlan([service, far, Make.Slice("web", "10.0.0.7")])));
    }

    [Fact]
    public void Names_are_asked_for_and_their_answers_used()
    {
        KubeObject[] objects = [Make.Service("db"), Make.Slice("db", "db.example.com") with { AddressType = "FQDN" }];
        Assert.Equal("", Eligible(_plane.MakePlan(objects)));
        Assert.Equal(["db.example.com"], _plane.Names);

        _plane.UseNames(new Dictionary<string, IReadOnlyList<IPAddress>>(StringComparer.Ordinal) { ["db.example.com"] = [IPAddress.Parse("10.0.0.8")] });
        Assert.Equal("10.0.0.8:8080", Eligible(_plane.MakePlan(objects)));
    }

    [Fact]
    public void A_lost_address_is_had_once_its_owner_lets_go()
    {
        var owner = Make.Service("a") with { ExternalIPs = ["198.51.100.1"] };
        var other = Make.Service("b") with { ExternalIPs = ["198.51.100.1"] };
        Assert.Single(_plane.MakePlan([owner, other]).Desired.Services[1].Listens);

        // The loss outlives a change of the loser's endpoints.
        var changed = _plane.MakePlan([owner, other, Make.Slice("b", "10.0.0.1")]);
        Assert.Single(changed.Desired.Services[1].Listens);
        Assert.Single(changed.Desired.Services[1].Backends);
        Assert.Contains(changed.Diagnostics, static d => d.Message.Contains("default/a:80/tcp has it", StringComparison.Ordinal));

        Assert.Equal(2, _plane.MakePlan([other, Make.Slice("b", "10.0.0.1")]).Desired.Services[0].Listens.Count);
    }

    [Fact]
    public void A_Service_that_is_there_twice_is_refused()
    {
        var plan = _plane.MakePlan([Make.Service("a"), Make.Service("a", "NodePort")]);
        Assert.Contains("services \"a\" already exists", plan.Diagnostics.Single(static d => d.Severity == Severity.Error).Message, StringComparison.Ordinal);
        Assert.False(_plane.MakePlan([Make.Service("a", "NodePort")]).HasErrors);
    }

    [Theory]
    [InlineData("", 30000, 32767, "--service-cidr")]
    [InlineData("10.96.0.0/16,10.97.0.0/16", 30000, 32767, "--service-cidr")]
    [InlineData("fd00::/48", 30000, 32767, "--service-cidr")]
    [InlineData("10.96.0.0/16", 32767, 30000, "--node-port-range")]
    [InlineData("10.96.0.0/16", 0, 70000, "--node-port-range")]
    public void Options_that_make_no_sense_are_refused(string cidrs, int first, int last, string option)
    {
        var plan = new StandaloneControlPlane(new()
        {
            ServiceCidrs = [.. cidrs.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(IPNetwork.Parse)],
            NodePortRange = (first, last),
        }).MakePlan([Make.Service("a")]);

        Assert.Equal(option, Assert.Single(plan.Diagnostics).Path);
        Assert.True(plan.HasErrors);
    }

    /// <summary>Whatever the way to a set of objects, the plan is that of somebody who sees them for the first time.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_plan_does_not_depend_on_the_way_to_it(int seed)
    {
        var random = new Random(seed);
        var objects = new List<KubeObject>();
        for (var step = 0; step < 150; step++)
        {
            var index = random.Next(objects.Count + 1);
            switch (random.Next(4))
            {
                case 0 when objects.Count > 0:
                    objects.RemoveAt(Math.Min(index, objects.Count - 1));
                    break;
                case 1 when index < objects.Count:
                    (objects[0], objects[index]) = (objects[index], objects[0]);
                    break;
                default:
                    var item = RandomObject(random);
                    objects.RemoveAll(o => o.Kind == item.Kind && o.Metadata.Name == item.Metadata.Name);
                    objects.Insert(Math.Min(index, objects.Count), item);
                    break;
            }

            var plan = _plane.MakePlan(objects);
            var fresh = new StandaloneControlPlane(new()).MakePlan(objects);
            Assert.Equal(fresh.HasErrors, plan.HasErrors);
            Assert.Equal(fresh.Diagnostics, plan.Diagnostics);
            if (!plan.HasErrors)
            {
                Assert.Equal(fresh.Desired.Services.AsEnumerable(), plan.Desired.Services);
                Assert.Equal(fresh.Services, plan.Services);
                Assert.Empty(DesiredStateValidator.Validate(plan.Desired, static _ => null));
            }
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    private static string Eligible(Plan plan) => string.Join(
        ' ', plan.Desired.Services[0].Backends.Where(static b => b.Scopes != BackendScope.None).Select(static b => b.Address.ToString()));

    // Every address is asked for, so that chance has no part in the outcome.
    private static KubeObject RandomObject(Random random)
    {
        var number = random.Next(6);
        var name = $"s{number}";
        var address = $"10.0.0.{random.Next(1, 4)}";
        return random.Next(6) switch
        {
            0 => Make.Slice(name, address),
            1 => Make.Slice(name, address, "10.0.0.9") with { Metadata = Make.Slice(name).Metadata with { Name = $"{name}-{random.Next(3)}" } },
            2 => Make.Pod($"p{random.Next(8)}", address, value: $"v{random.Next(2)}") with { Ready = random.Next(3) > 0 },
            3 => new Endpoints
            {
                Metadata = new() { Name = name },
                Subsets = [new() { Addresses = [new(address, null, null, null)], Ports = [new(null, null, 8080, null)] }],
            },
            _ => Make.Service(name).Selecting("app", $"v{random.Next(2)}").ClusterIP($"10.96.1.{number + random.Next(5) / 4}") with
            {
                ExternalIPs = [$"198.51.100.{random.Next(3)}"],
            },
        };
    }
}
