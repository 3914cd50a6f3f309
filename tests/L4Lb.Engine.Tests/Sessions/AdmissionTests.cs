using L4Lb.Engine.Sessions;

namespace L4Lb.Engine.Tests.Sessions;

public sealed class AdmissionTests
{
    [Theory]
    [InlineData(1024, 0, 0, 0, 384)]
    [InlineData(1024, 64, 0, 0, 320)]
    [InlineData(1024, 64, 0, 40, 300)]
    [InlineData(1024, 64, 10, 40, 10)]
    [InlineData(1024, 64, 1000, 40, 300)]
    [InlineData(256, 0, 0, 0, 1)]
    [InlineData(20, 64, 0, 500, 1)]
    public void The_limit_is_what_the_descriptors_leave(int descriptors, int pipes, int most, int listeners, int limit)
    {
        var admission = new Admission(descriptors, pipes, most);
        admission.UpdateListeners(listeners);

        Assert.Equal(limit, admission.Limit);
    }

    [Fact]
    public void Nobody_beyond_the_limit_is_let_in()
    {
        var admission = new Admission(1024, 0, sessionsMost: 2);

        Assert.True(admission.TryEnter());
        Assert.True(admission.TryEnter());
        Assert.False(admission.TryEnter());
        Assert.Equal((2, 1L), (admission.Active, admission.TurnedAway));

        admission.Leave();
        Assert.True(admission.TryEnter());
    }

    [Fact]
    public void Whoever_is_in_stays_when_the_limit_falls()
    {
        var admission = new Admission(Admission.Reserve + 8, 0, 0);
        Assert.True(admission.TryEnter());
        Assert.True(admission.TryEnter());

        admission.UpdateListeners(6);

        Assert.Equal((1, 2), (admission.Limit, admission.Active));
        admission.Leave();
        Assert.False(admission.TryEnter());
        admission.Leave();
        Assert.True(admission.TryEnter());
    }

    [Theory]
    [InlineData(1024, 0, 384, 384)]
    [InlineData(1024, 100, 384, 100)]
    [InlineData(1024, 10_000, 384, 768)]
    [InlineData(20, 0, 1, 1)]
    public void Flows_and_sessions_share_the_descriptors(int descriptors, int most, int sessions, int flows)
    {
        var admission = new Admission(descriptors, 0, 0, most);

        Assert.Equal((sessions, flows), (admission.Limit, admission.FlowLimit));
        Assert.Equal(flows, Enumerable.Range(0, flows + 5).Count(_ => admission.TryEnterFlow()));
        Assert.Equal((flows, flows), (admission.Flows, admission.Active));
    }

    [Fact]
    public void A_session_takes_the_place_of_two_flows()
    {
        var admission = new Admission(Admission.Reserve + 10, 0, 0, flowsMost: 100);
        for (var i = 0; i < 4; i++)
        {
            Assert.True(admission.TryEnterFlow());
        }

        Assert.Equal((3, 10), (admission.Limit, admission.FlowLimit));
        Assert.True(admission.TryEnter() && admission.TryEnter() && admission.TryEnter());
        Assert.False(admission.TryEnter());
        Assert.Equal((4, 7), (admission.FlowLimit, admission.Active));
        Assert.False(admission.TryEnterFlow());
        Assert.Equal(4, admission.Flows);

        admission.Leave();
        Assert.True(admission.TryEnterFlow() && admission.TryEnterFlow());
        Assert.False(admission.TryEnterFlow());
        admission.LeaveFlow();
        Assert.True(admission.TryEnterFlow());
    }
}
