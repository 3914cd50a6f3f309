using L4Lb.Engine.Datagrams;

namespace L4Lb.Engine.Tests.Datagrams;

public sealed class FlowRanksTests
{
    private const long Now = 100_000;

    private readonly FlowRig _rig = new(ServiceRig.Spec53(9001));
    private readonly FlowRanks _ranks = new(ofService: true);

    [Fact]
    public void The_oldest_that_is_not_established_goes_first()
    {
        var flows = Add(5);
        flows[0].IsEstablished = flows[2].IsEstablished = true;

        Assert.Equal([1, 3, 4], Take(flows, 3));
        Assert.Null(_ranks.FindIdle(Now));
        Assert.Equal(2, _ranks.Count);
    }

    [Fact]
    public void An_established_one_goes_when_it_has_been_silent_for_ten_seconds()
    {
        var flows = Add(3, established: true);
        flows[1].LastMs = Now - 9_999;
        Assert.Null(_ranks.FindIdle(Now));

        flows[1].LastMs = Now - 10_000;
        Assert.Equal([1], Take(flows, 1));
        Assert.Null(_ranks.FindIdle(Now));
    }

    [Fact]
    public void A_look_is_bounded_and_the_next_goes_on_from_there()
    {
        var flows = Add(200, established: true);
        flows[150].IsEstablished = false;

        // Never an established one before one that is not, however deep that lies.
        flows[0].LastMs = 0;
        Assert.Null(_ranks.FindIdle(Now));
        Assert.Null(_ranks.FindIdle(Now));
        Assert.Equal([150, 0], Take(flows, 2));
    }

    [Fact]
    public void Every_established_one_is_looked_at_in_turn()
    {
        var flows = Add(300, established: true);
        flows[299].LastMs = 0;

        var looks = 1;
        while (_ranks.FindIdle(Now) is null)
        {
            looks++;
        }

        Assert.Same(flows[299], _ranks.FindIdle(Now));
        Assert.InRange(looks, 2, 12);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_queue_agrees_with_a_list(bool ofService)
    {
        var random = new Random(7);
        FlowQueue[] queues = [new(ofService), new(ofService)];
        List<Flow>[] models = [[], []];
        var other = new FlowQueue(!ofService);
        var flows = Enumerable.Range(0, 20).Select(_ => _rig.NewFlow()).ToArray();
        Array.ForEach(flows, other.Enqueue);
        for (var step = 0; step < 20_000; step++)
        {
            var (flow, which) = (flows[random.Next(flows.Length)], random.Next(3));
            Array.ForEach(models, model => model.Remove(flow));
            if (which == 2)
            {
                queues[random.Next(2)].Leave(flow); // Whichever it is in.
            }
            else
            {
                models[which].Add(flow);
                queues[which].Enqueue(flow);
            }

            for (var i = 0; i < 2; i++)
            {
                Assert.Equal(models[i].Count, queues[i].Count);
                Assert.Equal(models[i], Walk(queues[i]));
            }
        }

        Assert.Equal(flows, Walk(other)); // A flow's two places have nothing to do with each other.
    }

    private static IEnumerable<Flow> Walk(FlowQueue queue)
    {
        for (var flow = queue.First; flow is not null; flow = (ReferenceEquals(flow.InService.Queue, queue) ? flow.InService : flow.InShard).Next)
        {
            yield return flow;
        }
    }

    private Flow[] Add(int count, bool established = false)
    {
        var flows = Enumerable.Range(0, count).Select(_ => _rig.NewFlow()).ToArray();
        foreach (var flow in flows)
        {
            (flow.IsEstablished, flow.LastMs) = (established, Now);
            _ranks.Add(flow);
        }

        return flows;
    }

    private List<int> Take(Flow[] flows, int count)
    {
        var taken = new List<int>();
        for (; count > 0; count--)
        {
            var flow = _ranks.FindIdle(Now);
            Assert.NotNull(flow);
            _ranks.Remove(flow);
            taken.Add(Array.IndexOf(flows, flow));
        }

        return taken;
    }
}
