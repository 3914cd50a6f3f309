namespace L4Lb.Host.Tests.Cli;

public sealed class UnknownWordsTests
{
    [Theory]
    [InlineData("gte services", "there is no command gte; did you mean get?", "l4lb")]
    [InlineData("rnu --filename a --watch", "there is no command rnu; did you mean run?", "l4lb")]
    [InlineData("complet", "there is no command complet; did you mean completion?", "l4lb")]
    [InlineData("frobnicate", "there is no command frobnicate", "l4lb")]
    [InlineData("--versoin", "there is no option --versoin; did you mean --version?", "l4lb")]
    [InlineData("run -f a --adminn 127.0.0.1:1", "there is no option --adminn; did you mean --admin?", "l4lb run")]
    [InlineData("run -f a --adminn=127.0.0.1:1", "there is no option --adminn; did you mean --admin?", "l4lb run")]
    [InlineData("run -f a --admin-tok t", "there is no option --admin-tok; did you mean --admin-token-file?", "l4lb run")]
    [InlineData("get services --al-namespaces", "there is no option --al-namespaces; did you mean --all-namespaces?", "l4lb get")]
    [InlineData("get services web --adminn 127.0.0.1:1", "there is no option --adminn; did you mean --admin?", "l4lb get")]
    [InlineData("drain web --requst-timeout 1s", "there is no option --requst-timeout; did you mean --request-timeout?", "l4lb drain")]
    [InlineData("top --frobnicate", "there is no option --frobnicate", "l4lb top")]
    [InlineData("--admin 127.0.0.1:1 get services", "--admin belongs behind 'l4lb get'", "l4lb get")]
    [InlineData("lab --seeds=3 simulate power-of-two", "--seeds belongs behind 'l4lb lab simulate'", "l4lb lab simulate")]
    [InlineData("get", "RESOURCE is missing", "l4lb get")]
    [InlineData("drain web", "BACKEND is missing", "l4lb drain")]
    [InlineData("reload now", "Unrecognized command or argument 'now'.", "l4lb reload")]
    public void A_mistyped_word_is_told_with_what_was_meant(string line, string expected, string help)
    {
        var fixture = new CommandLineFixture();

        Assert.Equal(2, fixture.ExitCodeOf(line.Split(' ')));

        Assert.Equal($"l4lb: {expected}\nSee '{help} --help'.\n", fixture.Error.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void A_variable_of_a_flag_is_named()
    {
        var fixture = new CommandLineFixture { Variables = { ["L4LB_WATCH"] = "maybe" } };

        Assert.Equal(2, fixture.ExitCodeOf("run", "-f", "a"));

        Assert.Equal("l4lb: L4LB_WATCH=maybe: must be true or false\nSee 'l4lb run --help'.\n", fixture.Error.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Other_errors_are_told_beside_it()
    {
        var fixture = new CommandLineFixture();

        Assert.Equal(2, fixture.ExitCodeOf("run", "-f", "a", "--shard", "2", "--drain-timeout", "x"));

        Assert.Equal(
            ["l4lb: there is no option --shard; did you mean --shards?", "l4lb: --drain-timeout x: must be a duration such as 250ms, 10s or 1h30m", "See 'l4lb run --help'."],
            fixture.Error.ReplaceLineEndings("\n").TrimEnd().Split('\n'));
    }
}
