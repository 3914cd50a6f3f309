namespace L4Lb.K8s.Reading.Tree;

/// <summary>Reads one document, YAML or JSON, whichever it is.</summary>
internal static class TreeReader
{
    /// <summary>The document in <paramref name="text"/>; null when there is only white space and comments.</summary>
    /// <exception cref="TreeException">It can be read as neither, or goes beyond a limit.</exception>
    public static TreeNode? Read(string text)
    {
        if (text.Length > TreeLimits.MaxDocumentLength)
        {
            throw new TreeException(0, $"the document is {text.Length:N0} characters long, and {TreeLimits.MaxDocumentLength:N0} is the limit; separate its objects by ---");
        }

        if (!JsonTreeReader.LooksLikeJson(text))
        {
            return PlainYamlReader.Read(text) ?? YamlTreeReader.Read(text);
        }

        try
        {
            return JsonTreeReader.Read(text);
        }
        catch (TreeException json)
        {
            // YAML's flow style looks like JSON without being it; if it is neither, it was probably meant as JSON.
            try
            {
                return YamlTreeReader.Read(text);
            }
            catch (TreeException)
            {
                throw json;
            }
        }
    }
}
