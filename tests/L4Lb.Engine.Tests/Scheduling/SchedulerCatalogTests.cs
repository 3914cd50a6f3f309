using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

public sealed class SchedulerCatalogTests
{
    [Fact]
    public void Has_the_schedulers_by_name() =>
        Assert.Empty(new[] { "lc", "random", "rr", "wlc", "wrr" }.Except(SchedulerCatalog.Names));

    [Fact]
    public void Names_are_sorted() =>
        Assert.Equal(SchedulerCatalog.Names.Order(StringComparer.Ordinal), SchedulerCatalog.Names);

    [Fact]
    public void Every_name_is_valid_without_parameters() =>
        Assert.All(SchedulerCatalog.Names, name => Assert.Null(SchedulerCatalog.Validate(new SchedulerSpec(name))));

    [Fact]
    public void An_unknown_name_is_told_with_the_known_ones()
    {
        var problem = SchedulerCatalog.Validate(new SchedulerSpec("RR"));

        Assert.StartsWith("unknown scheduler \"RR\"; known: ", problem, StringComparison.Ordinal);
        Assert.Contains("wlc", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_parameter_where_none_is_taken_is_a_problem() =>
        Assert.Equal(
            "scheduler \"rr\" takes no parameters",
            SchedulerCatalog.Validate(new SchedulerSpec("rr", [new SchedulerParameter("table-size", "7")])));

    [Fact]
    public void Building_an_unknown_name_throws() =>
        Assert.Throws<KeyNotFoundException>(
            () => SchedulerCatalog.Build(new SchedulerSpec("none"), [], new SchedulerMemory(1)));
}
