using L4Lb.Engine.Sessions;
using L4Lb.Host.Logging;

namespace L4Lb.Host.Tests.Logging;

public class TerminationCodeTests
{
    [Fact]
    public void Every_close_reason_has_two_letters() => Assert.All(
        Enum.GetValues<CloseReason>(), reason => Assert.Matches("^[CSPRIKLDcs-][RQCD-]$", TerminationCode.Of(reason)));

    [Theory]
    [InlineData(CloseReason.Completed, "--")]
    [InlineData(CloseReason.ClientReset, "CD")]
    [InlineData(CloseReason.BackendReset, "SD")]
    [InlineData(CloseReason.ClientGone, "CC")]
    [InlineData(CloseReason.ConnectRefused, "SC")]
    [InlineData(CloseReason.NoBackend, "SC")]
    [InlineData(CloseReason.ConnectTimeout, "sC")]
    [InlineData(CloseReason.SourceDenied, "PC")]
    [InlineData(CloseReason.LimitReached, "PC")]
    [InlineData(CloseReason.IdleTimeout, "cD")]
    [InlineData(CloseReason.HalfCloseTimeout, "cD")]
    [InlineData(CloseReason.Drained, "LD")]
    [InlineData(CloseReason.Killed, "KD")]
    [InlineData(CloseReason.ResourceExhausted, "RC")]
    [InlineData(CloseReason.InternalError, "IC")]
    public void Letters_are_haproxys(CloseReason reason, string letters) => Assert.Equal(letters, TerminationCode.Of(reason));
}
