using L4Lb.Lab.Simulation;
using L4Lb.Lab.Workload;

namespace L4Lb.Lab.Tests.Simulation;

public sealed class EventHeapTests
{
    [Fact]
    public void WhatIsSoonestComesFirstAndEqualsInTheirOrder()
    {
        var (heap, dice, model) = (new EventHeap(), new Dice(1, Purpose.Faults), new List<(long Time, int Index)>());
        for (var i = 0; i < 20_000; i++)
        {
            if (model.Count > 0 && dice.Next(5) < 2)
            {
                var first = model.MinBy(static e => (e.Time, e.Index));
                model.Remove(first);
                var popped = heap.Pop();
                Assert.Equal((first.Time, first.Index, EventKind.Fault), (popped.Time, popped.Index, popped.Kind));
            }
            else if (model.Count < 500)
            {
                model.Add((dice.Next(50), i));
                heap.Push(model[^1].Time, EventKind.Fault, i);
            }
        }

        Assert.Equal(model.Count, heap.Count);
        Assert.Equal(model.Min(static e => e.Time), heap.NextTime);
    }
}
