/** The letter of a person when no template is given. */
export const BUILT_IN_LETTER = `<header>
<span>{{ org.name }}</span>
{% if org.logo != "" %}<img src="{{ org.logo }}" alt="">{% endif %}
</header>
<h1>Your account at {{ org.name }}</h1>
{% capture name %}{{ firstName | raw }} {{ lastName | raw }}{% endcapture %}{% assign name = name | strip | default: login %}
<p>Dear {{ name }},</p>
{% if hasLink %}
<p>Your account is ready. Choose a password to sign in for the first time: scan the code, or type the address below into a browser. The address works once.</p>
<div class="qr" role="img" aria-label="QR code of the address below">{{ qr | raw }}</div>
<p class="link">{{ link }}</p>
{% elsif password != "" %}
<p>Your account is ready. Sign in with the password below. You will be asked to choose a new one.</p>
{% else %}
<p>Your account is ready. You have been given a password already: sign in with it.</p>
{% endif %}
<dl>
<dt>Name</dt><dd>{{ name }}</dd>
<dt>Login</dt><dd>{{ login }}</dd>
{% if password != "" %}<dt>First password</dt><dd><span class="password" dir="ltr">{{ password }}</span></dd>{% endif %}
<dt>Sign in at</dt><dd>{{ org.url }}</dd>
{% if expires != "" %}<dt>Use the address by</dt><dd>{{ expires }}</dd>{% endif %}
</dl>
<p>Keep this page to yourself: whoever has it can take over the account.</p>`;
