namespace L4Lb.Engine.FunctionalTests;

/// <summary>Of two services that ask for one address the first has it; the second gets it when the first is gone.</summary>
public sealed class AddressTakenByAnotherService : FunctionalTest
{
    [Fact]
    public async Task Is_served_when_the_other_goes()
    {
        var address = Loopback.FreeEndPoint();
        var first = Specs.Service("first", address, Own(LoopbackBackend.Named(1)));
        var second = Specs.Service("second", address, Own(LoopbackBackend.Named(2)));
        var balancer = await StartAsync(first);
        await ApplyAsync(balancer, first, second);

        var status = balancer.GetListeners().Single(listener => listener.Service == second.Key);
        Assert.Equal((ListenerState.Failed, $"the address and port belong to {first.Key}"), (status.State, status.Problem));
        Assert.Equal(1, await WhoServesAsync(address));

        await ApplyAsync(balancer, second);
        Assert.Equal(2, await WhoServesAsync(address));
        Assert.Equal(ListenerState.Listening, Assert.Single(balancer.GetListeners()).State);
    }

    /// <summary>Whoever waits for an address must not get it by an edit of the one that has it.</summary>
    [Fact]
    public async Task Is_not_taken_away_by_an_edit_of_the_one_that_has_it()
    {
        var address = Loopback.FreeEndPoint();
        var extra = Own(LoopbackBackend.Named(1));
        var first = Specs.Service("first", address, Own(LoopbackBackend.Named(1)));
        var second = Specs.Service("second", address, Own(LoopbackBackend.Named(2)));
        var balancer = await StartAsync(first);
        await ApplyAsync(balancer, first, second);

        var edited = first with { Backends = [.. first.Backends, new BackendSpec { Address = extra.EndPoint }] };
        await ApplyAsync(balancer, edited, second);

        Assert.Equal(1, await WhoServesAsync(address));
        Assert.Equal(ListenerState.Failed, balancer.GetListeners().Single(listener => listener.Service == second.Key).State);
    }

    private static async Task<int> WhoServesAsync(System.Net.IPEndPoint address)
    {
        using var client = await TestConnection.ConnectAsync(address);
        return (await client.ReceiveExactlyAsync(1))[0];
    }
}
