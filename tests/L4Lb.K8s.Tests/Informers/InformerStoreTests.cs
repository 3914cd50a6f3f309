using L4Lb.K8s.Informers;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Tests.Informers;

public sealed class InformerStoreTests
{
    private const int Many = 100_000;

    private readonly InformerStore<Node> _store = new();

    [Fact]
    public void A_change_among_very_many_objects_costs_next_to_nothing()
    {
        Assert.Equal(Many, _store.Replace(Nodes()).Count);
        Assert.NotNull(_store.Set(Node(1, "warm")));
        var changed = Enumerable.Range(0, 1000).Select(static i => Node(i, "x")).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var node in changed)
        {
            Assert.NotNull(_store.Set(node));
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / changed.Length, 0, 4096);
        Assert.Equal(Many, _store.Count);
    }

    [Fact]
    public void The_same_list_again_keeps_every_object()
    {
        _store.Replace(Nodes());
        var known = _store.Find(new("", "node-7"));
        Assert.Empty(_store.Replace(Nodes()));
        Assert.Same(known, _store.Find(new("", "node-7")));
    }

    [Fact]
    public async Task Readers_see_one_moment_while_it_changes()
    {
        // Of every pair exactly one is there, at any moment.
        _store.Replace([.. Enumerable.Range(0, 100).Select(static i => Node(i))]);
        var stop = 0;
        var reading = Task.Run(
            () =>
            {
                var moments = 0;
                while (Volatile.Read(ref stop) == 0 || moments == 0)
                {
                    var items = _store.Items;
                    Assert.Equal(100, items.Count);
                    Assert.Equal(100, items.Select(static n => Number(n) % 100).Distinct().Count());
                    moments++;
                }
            },
            TestContext.Current.CancellationToken);
        for (var i = 0; i < 2000; i++)
        {
            var shift = (i + 1) % 2 * 100;
            _store.Replace([.. Enumerable.Range(shift, 100).Select(static n => Node(n))]);
        }

        Volatile.Write(ref stop, 1);
        await reading;
    }

    private static int Number(Node node) => int.Parse(node.Metadata.Name.AsSpan(5));

    private static Node[] Nodes() => [.. Enumerable.Range(0, Many).Select(static i => Node(i))];

    private static Node Node(int number, string uid = "") => new()
    {
        Metadata = new() { Name = $"node-{number}", Namespace = "", Uid = uid, ResourceVersion = $"{number + 1}" },
    };
}
