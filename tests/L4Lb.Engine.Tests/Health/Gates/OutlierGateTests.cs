using L4Lb.Engine.Desired;
using L4Lb.Engine.Health.Gates;

namespace L4Lb.Engine.Tests.Health.Gates;

public sealed class OutlierGateTests
{
    private static readonly OutlierSpec s_spec = new()
    {
        BaseEjection = TimeSpan.FromSeconds(10),
        MaxEjection = TimeSpan.FromSeconds(35),
    };

    [Fact]
    public void Each_ejection_in_a_row_is_longer_up_to_the_maximum()
    {
        var gate = new OutlierGate();

        Assert.Equal([10, 20, 30, 35, 35, 35], Enumerable.Range(0, 6).Select(_ => EjectAndReturn(gate)));
    }

    [Fact]
    public void Each_interval_without_ejection_takes_one_back()
    {
        var gate = new OutlierGate();
        EjectAndReturn(gate);
        EjectAndReturn(gate);
        EjectAndReturn(gate);

        gate.Decay();
        gate.Decay();

        Assert.Equal(20, EjectAndReturn(gate));
        for (var i = 0; i < 10; i++)
        {
            gate.Decay();
        }

        Assert.Equal(10, EjectAndReturn(gate));
    }

    [Fact]
    public void The_longest_ejection_is_not_remembered_for_longer_than_it_was_earned()
    {
        var gate = new OutlierGate();
        for (var i = 0; i < 1000; i++)
        {
            EjectAndReturn(gate);
        }

        for (var i = 0; i < 3; i++)
        {
            gate.Decay();
        }

        Assert.Equal(20, EjectAndReturn(gate));
    }

    [Fact]
    public void While_ejected_nothing_is_taken_back()
    {
        var gate = new OutlierGate();
        EjectAndReturn(gate);
        gate.Eject(s_spec);
        Assert.True(gate.IsEjected);

        gate.Decay();
        gate.Return();

        Assert.False(gate.IsEjected);
        Assert.Equal(30, EjectAndReturn(gate));
    }

    [Theory]
    [InlineData(0, 1, 0, true)]
    [InlineData(0, 1, 50, true)]
    [InlineData(0, 10, 0, true)]
    [InlineData(1, 2, 50, false)]
    [InlineData(1, 3, 50, false)]
    [InlineData(1, 4, 50, true)]
    [InlineData(4, 10, 50, true)]
    [InlineData(5, 10, 50, false)]
    [InlineData(9, 10, 100, true)]
    [InlineData(1, 10, 10, false)]
    public void One_may_always_be_ejected_and_more_within_the_share(int ejected, int all, int mostPercent, bool expected) =>
        Assert.Equal(expected, EjectionBudget.Allows(ejected, all, mostPercent));

    private static double EjectAndReturn(OutlierGate gate)
    {
        var duration = gate.Eject(s_spec);
        gate.Return();
        return duration.TotalSeconds;
    }
}
