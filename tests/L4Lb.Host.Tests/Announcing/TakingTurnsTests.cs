using System.Net;
using L4Lb.Host.Announcing;

namespace L4Lb.Host.Tests.Announcing;

public sealed class TakingTurnsTests
{
    private static readonly string[] s_nodes = ["node-1", "node-2", "node-3"];

    private static readonly IPAddress[] s_addresses =
        [.. Enumerable.Range(0, 3000).Select(i => new IPAddress([10, 0, (byte)(i / 256), (byte)i]))];

    [Fact]
    public void Waits_are_the_same_every_time_and_within_bounds()
    {
        Assert.All(s_addresses, address =>
        {
            var wait = TakingTurns.WaitOf("node-1", address);
            Assert.InRange(wait, TimeSpan.Zero, TakingTurns.LongestWait);
            Assert.Equal(wait, TakingTurns.WaitOf("node-1", address));
        });
    }

    [Fact]
    public void Every_node_comes_first_for_its_share()
    {
        var shares = s_addresses.CountBy(FirstOf(s_nodes)).ToDictionary();

        // 1000 each; the standard deviation of a third of 3000 is 26.
        Assert.All(s_nodes, node => Assert.InRange(shares[node], 900, 1100));
    }

    [Fact]
    public void What_a_node_leaves_goes_to_both_others_and_the_rest_stays()
    {
        var left = s_nodes[1..];
        var moved = s_addresses.Where(a => FirstOf(s_nodes)(a) == "node-1").CountBy(FirstOf(left)).ToDictionary();

        Assert.All(left, node => Assert.InRange(moved[node], 400, 600));
        Assert.All(
            s_addresses.Where(a => FirstOf(s_nodes)(a) != "node-1"), a => Assert.Equal(FirstOf(s_nodes)(a), FirstOf(left)(a)));
    }

    private static Func<IPAddress, string> FirstOf(string[] nodes) => address => nodes.MinBy(node => TakingTurns.WaitOf(node, address))!;
}
