using System.Text.Json.Nodes;
using L4Lb.Host.Client.Get;
using YamlDotNet.RepresentationModel;

namespace L4Lb.Host.Tests.Client;

public class YamlTextTests
{
    [Fact]
    public void It_is_as_people_write_it()
    {
        var output = new StringWriter { NewLine = "\n" };

        YamlText.Write(output, JsonNode.Parse(
            """{"items": [{"name": "web", "address": "127.0.0.1:80", "weight": null, "on": true, "rate": 0.5, "buckets": [[16, 1], [-1, 2]], "listens": [], "closed": {}}]}"""));

        Assert.Equal(
            """
            items:
            - name: web
              address: "127.0.0.1:80"
              weight: null
              "on": true
              rate: 0.5
              buckets: [[16, 1], [-1, 2]]
              listens: []
              closed: {}

            """.ReplaceLineEndings("\n"),
            output.ToString());
    }

    [Theory]
    [InlineData("no")]
    [InlineData("1e3")]
    [InlineData("")]
    [InlineData("- a: b # c")]
    [InlineData("two\nlines\t\"quoted\" \\ ü 🙂")]
    [InlineData(" spaces ")]
    public void Every_text_reads_back_as_the_same_text(string text)
    {
        var output = new StringWriter();

        YamlText.Write(output, new JsonObject { ["text"] = text });

        var stream = new YamlStream();
        stream.Load(new StringReader(output.ToString()));
        var scalar = Assert.IsType<YamlScalarNode>(((YamlMappingNode)stream.Documents[0].RootNode)["text"]);
        Assert.Equal(text, scalar.Value);
        Assert.Equal(YamlDotNet.Core.ScalarStyle.DoubleQuoted, scalar.Style);
    }
}
