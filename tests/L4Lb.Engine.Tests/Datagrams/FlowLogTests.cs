using L4Lb.Engine.Sessions;

namespace L4Lb.Engine.Tests.Datagrams;

public sealed class FlowLogTests
{
    [Fact]
    public void Of_refusals_some_are_recorded_and_all_are_counted()
    {
        var rig = new FlowRig(ServiceRig.Spec53());
        for (var second = 0; second < 3; second++)
        {
            for (var i = 0; i < 1000; i++)
            {
                rig.Ask("a", $"192.0.2.{i % 250}:{i + 1}");
            }

            Assert.Equal(10 * (second + 1), rig.Records.Count);
            rig.Clock.NowMs += 1000;
        }

        Assert.Equal((3000, 3000), (rig.Counters.Closed((int)CloseReason.NoBackend), rig.Counters.Accepted));
        var record = rig.Records[0];
        Assert.Equal((0L, CloseReason.NoBackend, TimeSpan.Zero), (record.Id, record.Reason, record.TotalTime));
        Assert.Equal((rig.Listener.Target.Address, rig.Service.Spec.Key), (record.Listen, record.Service));
        Assert.Null(record.Backend);
    }

    [Fact]
    public void Every_flow_is_recorded()
    {
        var rig = new FlowRig(ServiceRig.Spec53(9001));
        for (var i = 0; i < 100; i++)
        {
            rig.Ask("a", $"192.0.2.1:{i + 1}");
        }

        rig.Table.EndAll(CloseReason.Drained);
        Assert.Equal(100, rig.Records.Select(record => record.Id).Distinct().Count());
        Assert.All(rig.Records, record => Assert.Equal(CloseReason.Drained, record.Reason));
    }
}
