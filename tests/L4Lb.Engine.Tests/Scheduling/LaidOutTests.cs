using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

public sealed class LaidOutTests
{
    private readonly SchedulerMemory _memory = new(1);
    private int _layouts;

    public static TheoryData<string, SchedulerParameter[]> WithTables => new()
    {
        { "maglev", [] },
        { "maglev", [new("table-size", "1021")] },
        { "chbl", [new("table-size", "1021")] },
        { "ring", [new("points", "40")] },
    };

    [Fact]
    public void What_goes_down_and_comes_back_lays_out_nothing_anew()
    {
        var all = Candidates(3, 1, 4);
        var table = Get(all);

        Assert.Same(table, Get([all[0] with { Weight = 0 }, all[1], all[2] with { Weight = 40, Factor = 0.1 }]));
        Assert.Same(table, Get(Candidates(3, 1, 4)));
        Assert.Equal(1, _layouts);
    }

    [Fact]
    public void Another_weight_address_order_list_or_number_does()
    {
        var all = Candidates(3, 1, 4);
        Get(all);

        Get([all[0] with { FullWeight = 2 }, .. all[1..]]);
        Get([all[0] with { Address = AddressKey.FromIPv4(0x0A0000FF, 80) }, .. all[1..]]);
        Get([all[1], all[0], all[2]]);
        Get(all[..2]);
        Get([]);
        Get(all);
        Get(all, number: 8);

        Assert.Equal(8, _layouts);
    }

    /// <summary>A scheduler that took a table over picks as one that was compiled alone.</summary>
    [Theory, MemberData(nameof(WithTables))]
    public void Reloads_leave_no_trace(string name, SchedulerParameter[] parameters)
    {
        var spec = new SchedulerSpec(name, [.. parameters]);
        var rig = new SchedulerRig(spec, Candidates(5, 1, 2, 1, 3));
        var random = new Random(7);
        for (var reload = 0; reload < 50; reload++)
        {
            Candidate[] next =
            [
                .. Candidates(5, 1, 2, 1 + random.Next(2), 3)
                    .Select(c => random.Next(4) == 0 ? c with { Weight = 0 } : c)
                    .Where((_, i) => i > 0 || random.Next(3) > 0),
            ];
            rig = rig.Reload(next);

            Assert.Equal(new SchedulerRig(spec, next).Picks(100), rig.Picks(100));
        }
    }

    private static Candidate[] Candidates(params int[] weights) => [.. weights.Select((weight, i) => SchedulerRig.Candidate(i, weight))];

    private object Get(Candidate[] candidates, int number = 7) => LaidOut<object>.Get(_memory, candidates, number, (_, _) =>
    {
        _layouts++;
        return new object();
    });
}
