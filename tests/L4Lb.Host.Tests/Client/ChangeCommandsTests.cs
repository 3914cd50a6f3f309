using L4Lb.Engine.Desired;
using L4Lb.Host.Cli;
using L4Lb.Host.Tests.Admin;
using L4Lb.Testing;

namespace L4Lb.Host.Tests.Client;

/// <summary><c>l4lb drain</c>, <c>enable</c>, <c>weight</c> and <c>kill</c> of an instance that runs in this process.</summary>
public sealed class ChangeCommandsTests : IAsyncLifetime
{
    private AdminRig _rig = null!;
    private LoopbackBackend _backend = null!;
    private ServiceSpec _service = null!;

    public async ValueTask InitializeAsync()
    {
        _rig = await AdminRig.StartAsync();
        _backend = _rig.Own(LoopbackBackend.Echo());
        _service = AdminRig.Service("web", _backend, _rig.Own(LoopbackBackend.Echo()));
        await _rig.ApplyAsync(_service);
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Each_says_how_the_backend_is_now()
    {
        var name = $"shop/web:http backend {_backend.EndPoint}";

        Assert.Equal((0, $"{name} drained, no sessions\n", ""), await RunAsync("drain", "shop/web", $"{_backend.EndPoint}"));
        Assert.Equal((0, $"{name} enabled, weight 1\n", ""), await RunAsync("enable", "shop/web", $"{_backend.EndPoint}"));
        Assert.Equal((0, $"{name} weight 5, configured 1\n", ""), await RunAsync("weight", "shop/web", $"{_backend.EndPoint}", "5"));
        Assert.Equal((0, $"{name} weight 0, configured 1\n", ""), await RunAsync("weight", "shop/web", $"{_backend.EndPoint}", "0"));
        Assert.Equal(
            (0, $"{name} enabled, but gets no sessions: its weight is 0\n", ""), await RunAsync("enable", "shop/web", $"{_backend.EndPoint}"));
        Assert.Equal((0, $"{name} weight 1, as configured\n", ""), await RunAsync("weight", "shop/web", $"{_backend.EndPoint}", "reset"));
    }

    [Fact]
    public async Task Wrong_names_are_1_and_name_near_ones()
    {
        Assert.Equal((1, "", "l4lb: there is no service shop/wbe; there is shop/web\n"), await RunAsync("drain", "shop/wbe", $"{_backend.EndPoint}"));
        var (code, _, error) = await RunAsync("drain", "shop/web", "127.0.0.1:1");
        Assert.Equal(1, code);
        Assert.StartsWith("l4lb: service shop/web has no backend 127.0.0.1:1; it has ", error);
        Assert.Contains($"{_backend.EndPoint}", error);
    }

    [Theory]
    [InlineData("drain", "web")]
    [InlineData("drain", "a/b/c", "127.0.0.1:80")]
    [InlineData("enable", "web", "127.0.0.1")]
    [InlineData("weight", "web", "127.0.0.1:80", "-1")]
    [InlineData("weight", "web", "127.0.0.1:80", "many")]
    [InlineData("kill")]
    [InlineData("kill", "one")]
    [InlineData("kill", "1", "--service", "web")]
    [InlineData("reload", "now")]
    public async Task What_is_not_understood_is_2(params string[] arguments)
    {
        var (code, output, error) = await CommandRig.RunAsync(null, arguments);

        Assert.Equal((2, ""), (code, output));
        Assert.Contains($"See 'l4lb {arguments[0]} --help'.", error);
    }

    [Fact]
    public async Task Kill_by_number_goes_on_behind_one_that_is_over()
    {
        using var client = await ConnectAsync();
        var id = (long)(await _rig.GetAsync("/api/v1/sessions"))["items"]![0]!["id"]!;

        Assert.Equal(
            (1, $"session {id} killed\n", "l4lb: there is no open session or flow 999999; it may be over\n"),
            await RunAsync("kill", "999999", $"{id}"));

        Assert.Equal(StreamEnd.Reset, (await client.ReceiveToEndAsync()).End);
    }

    [Fact]
    public async Task Kill_by_filter_asks_who_sits_at_a_terminal()
    {
        using var client = await ConnectAsync();
        string[] command = ["kill", "--service", "shop/web", "--admin", _rig.Address.GetLeftPart(UriPartial.Authority)];

        Assert.Equal((2, "", "l4lb: 1 session and 0 flows fit; say --yes to end them\n"), await CommandRig.RunAsync(null, command));
        Assert.Equal((1, "", "l4lb: nothing was ended\n"), await CommandRig.RunAsync(new FakeTerminal("n"), command));
        Assert.Equal((1, "", "l4lb: nothing was ended\n"), await CommandRig.RunAsync(new FakeTerminal(), command));
        await client.ExchangeAsync(new byte[10]);
        var terminal = new FakeTerminal("y");
        Assert.Equal((0, "1 session and 0 flows killed\n", ""), await CommandRig.RunAsync(terminal, command));

        Assert.Equal("End 1 session and 0 flows? [y/N] ", terminal.Written);
        Assert.Equal(StreamEnd.Reset, (await client.ReceiveToEndAsync()).End);
        Assert.Equal((0, "0 sessions and 0 flows killed\n", ""), await CommandRig.RunAsync(null, [.. command, "--yes"]));
    }

    [Fact]
    public async Task Kill_by_the_filter_of_an_unknown_service_says_so()
    {
        var (code, _, error) = await RunAsync("kill", "--service", "shop/wbe", "--yes");

        Assert.Equal((1, "l4lb: there is no service shop/wbe; there is shop/web\n"), (code, error));
    }

    [Fact]
    public async Task Variables_of_run_do_not_decide_what_is_killed()
    {
        var error = new StringWriter();
        var variables = new Dictionary<string, string> { ["L4LB_BACKEND"] = $"{_backend.EndPoint}", ["L4LB_YES"] = "true" };
        var context = new CommandContext(TextWriter.Null, error, variables.GetValueOrDefault);

        Assert.Equal(2, await CommandLine.RunAsync(["kill"], context, CommandHandlers.Default));
        Assert.StartsWith("l4lb: say which: ", error.ToString());
    }

    private Task<(int Code, string Out, string Error)> RunAsync(params string[] arguments) => CommandRig.RunAsync(_rig.Address, arguments);

    private async Task<TestConnection> ConnectAsync()
    {
        var client = await TestConnection.ConnectAsync(_service.Listens[0].Address);
        await client.ExchangeAsync(new byte[10]);
        return client;
    }
}
