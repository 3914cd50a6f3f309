using System.Net;
using System.Net.Sockets;
using L4Lb.K8s.EndpointSelection;

namespace L4Lb.K8s.Tests.EndpointSelection;

public class FqdnResolverTests
{
    private readonly Dictionary<string, string[]?> _zone = new(StringComparer.Ordinal);
    private readonly FqdnResolver _resolver;
    private int _changes;

    public FqdnResolverTests()
    {
        _resolver = new((name, _) => _zone[name] is { } addresses
            ? Task.FromResult(addresses.Select(IPAddress.Parse).ToArray())
            : Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound)));
        _resolver.Changed += () => _changes++;
    }

    [Fact]
    public async Task Tells_of_changes_only()
    {
        _zone["a"] = ["10.0.0.2", "10.0.0.1"];
        _resolver.Watch(["a"]);

        Assert.True(await _resolver.RefreshAsync());
        Assert.Equal(["10.0.0.1", "10.0.0.2"], _resolver.Answers["a"].Select(static a => a.ToString()));

        _zone["a"] = ["10.0.0.1", "10.0.0.2", "10.0.0.1"];
        Assert.False(await _resolver.RefreshAsync());

        _zone["a"] = ["10.0.0.3"];
        Assert.True(await _resolver.RefreshAsync());
        Assert.Equal(2, _changes);
    }

    [Fact]
    public async Task Keeps_the_last_answer_when_there_is_none()
    {
        _zone["a"] = ["10.0.0.1"];
        _zone["b"] = null;
        _resolver.Watch(["a", "b"]);
        await _resolver.RefreshAsync();

        _zone["a"] = null;
        Assert.False(await _resolver.RefreshAsync());
        _zone["a"] = [];
        Assert.False(await _resolver.RefreshAsync());
        Assert.Equal(["a"], _resolver.Answers.Keys);
    }

    [Fact]
    public async Task Forgets_names_that_nobody_asks_for()
    {
        _zone["a"] = ["10.0.0.1"];
        _resolver.Watch(["a"]);
        await _resolver.RefreshAsync();
        _resolver.Watch([]);

        Assert.True(await _resolver.RefreshAsync());
        Assert.Empty(_resolver.Answers);
    }

    [Fact]
    public async Task A_new_name_is_asked_at_once()
    {
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _resolver.Changed += changed.SetResult;
        using var cancellation = new CancellationTokenSource();
        var running = _resolver.RunAsync(cancellation.Token);

        _zone["a"] = ["10.0.0.1"];
        _resolver.Watch(["a"]);
        await changed.Task;

        await cancellation.CancelAsync();
        await running;
        Assert.Single(_resolver.Answers);
    }
}
