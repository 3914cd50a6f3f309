using L4Lb.Engine.Runtime;

namespace L4Lb.Engine.Tests.Runtime;

public sealed class ConnectOutcomesTests
{
    [Fact]
    public void The_alarm_goes_off_at_each_multiple_of_failures_in_a_row()
    {
        var (outcomes, alarms) = (new ConnectOutcomes(), 0);
        outcomes.Watch(3, () => alarms++);

        var counts = "---+-----+--".Select(outcome =>
        {
            if (outcome == '+')
            {
                outcomes.AddSuccess();
            }
            else
            {
                outcomes.AddFailure();
            }

            return alarms;
        });

        Assert.Equal([0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2], counts);
        Assert.Equal((2, 10, 2), (outcomes.Succeeded, outcomes.Failed, outcomes.FailedInARow));
    }

    [Fact]
    public void Nobody_is_alarmed_who_did_not_ask()
    {
        var (outcomes, alarms) = (new ConnectOutcomes(), 0);
        outcomes.AddFailure();
        outcomes.Watch(0, () => alarms++);
        outcomes.AddFailure();
        outcomes.Watch(3, () => alarms++);
        outcomes.Watch(0, null);
        outcomes.AddFailure();

        Assert.Equal(0, alarms);
        outcomes.Forgive();
        Assert.Equal(0, outcomes.FailedInARow);
    }

    [Fact]
    public void A_success_allocates_nothing()
    {
        var outcomes = new ConnectOutcomes();
        outcomes.Watch(2, static () => { });
        outcomes.AddFailure();
        outcomes.AddSuccess();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            outcomes.AddSuccess();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
