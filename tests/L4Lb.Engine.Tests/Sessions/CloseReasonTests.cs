using L4Lb.Engine.Sessions;

namespace L4Lb.Engine.Tests.Sessions;

public sealed class CloseReasonTests
{
    /// <summary>They are counted in an array by their number.</summary>
    [Fact]
    public void Numbers_have_no_gaps_and_open_is_the_first()
    {
        var reasons = Enum.GetValues<CloseReason>();

        Assert.Equal(Enumerable.Range(0, reasons.Length), reasons.Select(reason => (int)reason));
        Assert.Equal(CloseReason.None, default);
    }
}
