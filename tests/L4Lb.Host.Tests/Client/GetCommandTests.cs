using System.Text.Json.Nodes;
using L4Lb.Host.Tests.Admin;
using L4Lb.Testing;

namespace L4Lb.Host.Tests.Client;

/// <summary><c>l4lb get</c> of an instance that runs in this process.</summary>
public class GetCommandTests
{
    [Fact]
    public async Task A_name_that_is_nobodys_is_1_and_names_near_ones()
    {
        await using var rig = await StartAsync("web", "mail");

        Assert.Equal((1, "", "l4lb: there is no service wbe; there is web, mail\n"), await GetAsync(rig, "services", "wbe"));
        Assert.Equal(
            (1, "", "l4lb: there is no service shop/wbe; there is shop/web, shop/mail\n"), await GetAsync(rig, "services", "--service", "shop/wbe"));
    }

    [Theory]
    [InlineData("backends", "web", "there is no backend web; those of a Service are backends --service web")]
    [InlineData("sessions", "shop/web", "there is no session shop/web; those of a Service are sessions --service shop/web")]
    [InlineData("sessions", "17", "there is no session 17; there is none")]
    [InlineData("affinity", "fd00::1", "there is no affinity fd00::1; there is none")]
    public async Task A_Service_where_something_else_is_named_is_told_how_to_ask(string resource, string name, string expected)
    {
        await using var rig = await StartAsync("web");

        Assert.Equal((1, "", $"l4lb: {expected}\n"), await GetAsync(rig, resource, name));
    }

    [Theory]
    [InlineData("servces", "there is no such resource; there is services, ")]
    [InlineData("backendz", "there is no such resource; there is backends, ")]
    public async Task A_resource_that_is_none_is_2_and_names_near_ones(string word, string expected)
    {
        var (code, output, error) = await CommandRig.RunAsync(null, ["get", word]);

        Assert.Equal((2, ""), (code, output));
        Assert.Contains(expected, error);
    }

    [Theory]
    [InlineData("svc")]
    [InlineData("service")]
    [InlineData("Services")]
    public async Task Short_and_singular_names_mean_the_same(string word)
    {
        await using var rig = await StartAsync("web");

        var (code, output, _) = await GetAsync(rig, word, "-n", "shop", "web");

        Assert.Equal(0, code);
        Assert.Equal(["NAME", "web"], output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')[0]));
    }

    [Fact]
    public async Task Nothing_there_is_no_failure()
    {
        await using var rig = await StartAsync("web");

        Assert.Equal((0, "", "No services found in namespace other.\n"), await GetAsync(rig, "services", "-n", "other"));
        Assert.Equal((0, "", "No sessions found.\n"), await GetAsync(rig, "sessions"));
        Assert.Equal((0, "{\n  \"items\": []\n}\n", ""), await GetAsync(rig, "sessions", "-o", "json"));
    }

    [Theory]
    [InlineData("services", "--client", "10.0.0.1")]
    [InlineData("pools", "-n", "shop")]
    [InlineData("sessions", "--limit", "0")]
    [InlineData("sessions", "--client", "10.0.0.0/33")]
    [InlineData("services", "--output", "xml")]
    public async Task What_does_not_fit_together_is_2(params string[] arguments)
    {
        var (code, output, error) = await CommandRig.RunAsync(null, ["get", .. arguments]);

        Assert.Equal((2, ""), (code, output));
        Assert.Contains("See 'l4lb get --help'.", error);
    }

    [Fact]
    public async Task Sessions_are_filtered_and_counted()
    {
        await using var rig = await AdminRig.StartAsync();
        var service = AdminRig.Service("web", rig.Own(LoopbackBackend.Echo()));
        await rig.ApplyAsync(service);
        var clients = new List<TestConnection>();
        for (var i = 0; i < 5; i++)
        {
            clients.Add(await TestConnection.ConnectAsync(service.Listens[0].Address));
            await clients[i].ExchangeAsync(new byte[1000]);
        }

        try
        {
            Assert.Equal(5, await CountAsync());
            Assert.Equal(2, await CountAsync("--limit", "2"));
            Assert.Equal(5, await CountAsync("--service", "shop/web", "--client", "127.0.0.0/8"));
            Assert.Equal(5, await CountAsync("--service", "web", "-n", "shop"));
            Assert.Equal(0, await CountAsync("--client", "10.0.0.1"));
            Assert.Equal(0, await CountAsync("--service", "web")); // Of namespace default.
            var first = (long)JsonNode.Parse((await GetAsync(rig, "sessions", "-o", "json")).Out)!["items"]![0]!["id"]!;
            Assert.Equal(1, await CountAsync($"{first}"));
        }
        finally
        {
            clients.ForEach(c => c.Dispose());
        }

        async Task<int> CountAsync(params string[] arguments)
        {
            var (code, output, error) = await GetAsync(rig, ["sessions", "-o", "json", .. arguments]);
            Assert.Equal((0, ""), (code, error));
            return JsonNode.Parse(output)!["items"]!.AsArray().Count;
        }
    }

    [Fact]
    public async Task Json_has_what_the_api_has()
    {
        await using var rig = await StartAsync("web");

        var (_, output, _) = await GetAsync(rig, "services", "-o", "json");

        Assert.Equal((await rig.GetAsync("/api/v1/services")).ToJsonString(), JsonNode.Parse(output)!.ToJsonString());
    }

    [Fact]
    public async Task Watching_goes_on_with_the_rows_that_change()
    {
        await using var rig = await AdminRig.StartAsync();
        var backends = new[] { rig.Own(LoopbackBackend.Echo()), rig.Own(LoopbackBackend.Echo()) };
        await rig.ApplyAsync(AdminRig.Service("web", backends));
        using var stop = new CancellationTokenSource();
        var output = new StringWriter { NewLine = "\n" };
        var context = new Host.Cli.CommandContext(TextWriter.Synchronized(output), TextWriter.Null, static _ => null);
        string[] command = ["get", "backends", "-w", "-n", "shop", "--admin", rig.Address.GetLeftPart(UriPartial.Authority)];
        var watching = Host.Cli.CommandLine.RunAsync(command, context, Host.Cli.CommandHandlers.Default, stop.Token);
        string[] Lines() => output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await Eventually.HoldsAsync("both are written", () => Lines().Length == 3);

        await rig.SendAsync("POST", $"/api/v1/services/shop/web/backends/{backends[1].EndPoint}/drain");
        await Eventually.HoldsAsync("the change is written", () => Lines().Length > 3);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);

        Assert.Equal(4, Lines().Length);
        Assert.Matches($@"^web +http +{backends[1].EndPoint} +unchecked,drained +0/1 ", Lines()[3]);
    }

    private static Task<(int Code, string Out, string Error)> GetAsync(AdminRig rig, params string[] arguments) =>
        CommandRig.RunAsync(rig.Address, ["get", .. arguments]);

    private static async Task<AdminRig> StartAsync(params string[] services)
    {
        var rig = await AdminRig.StartAsync();
        await rig.ApplyAsync([.. services.Select(name => AdminRig.Service(name, rig.Own(LoopbackBackend.Echo())))]);
        return rig;
    }
}
